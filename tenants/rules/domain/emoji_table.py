"""The faces of WeChat's keyboard in every form a phone sends them.

One line each: code | Chinese names | English names | Unicode look-alikes (the first is shown) | code point of old phones.
An empty field means that the face has no such form. Several names of one field are parted by a comma.
"""

from __future__ import annotations

from dataclasses import dataclass

CLASSIC = r"""
/::) | 微笑 | Smile | 🙂
/::~ | 撇嘴 | Grimace |
/::B | 色 | Drool | 😍
/::¦ | 发呆,發呆 | Scowl |
/:8-) | 得意 | CoolGuy |
/::< | 流泪,流淚 | Sob | 😢
/::$ | 害羞 | Shy | ☺
/::X | 闭嘴,閉嘴 | Silent | 🤐
/::Z | 睡 | Sleep | 😴
/::'( | 大哭 | Cry | 😭
/::-¦ | 尴尬,尷尬 | Awkward | 😅
/::@ | 发怒,發怒 | Angry | 😡
/::P | 调皮,調皮 | Tongue | 😜
/::D | 呲牙 | Grin | 😁
/::O | 惊讶,驚訝 | Surprise | 😲
/::( | 难过,難過 | Frown | 🙁,☹
/::+ | 酷 | Ruthless,Cool | 😎
/:--b | 冷汗,囧 | Blush | 😰
/::Q | 抓狂 | Scream | 😫
/::T | 吐 | Puke | 🤮
/:,@P | 偷笑 | Chuckle | 🤭
/:,@-D | 愉快,可爱,可愛 | Joyful | 😊
/::d | 白眼 | Slight |
/:,@o | 傲慢 | Smug | 😤
/::g | 饥饿,饑餓 | Hungry | 😋
/:¦-) | 困,累 | Drowsy | 🥱
/::! | 惊恐,驚恐 | Panic | 😨
/::L | 流汗 | Sweat | 😓
/::> | 憨笑,大笑 | Laugh | 😃
/::,@ | 悠闲,悠閑,悠閒,大兵 | Commando,Loafer |
/:,@f | 奋斗,奮鬥 | Determined,Strive |
/::-S | 咒骂,咒罵 | Scold | 🤬
/:? | 疑问,疑問 | Shocked,Doubt | 🤔
/:,@x | 嘘,噓 | Shhh | 🤫
/:,@@ | 晕,暈 | Dizzy | 😵
/::8 | 疯了,瘋了,折磨 | Tormented | 🤪
/:,@! | 衰 | Toasted,BadLuck |
/:!!! | 骷髅,骷髏頭 | Skull | 💀
/:xx | 敲打 | Hammer | 🔨
/:bye | 再见,再見 | Wave,Bye | 👋
/:wipe | 擦汗 | Speechless,Relief |
/:dig | 抠鼻,摳鼻 | NosePick,DigNose |
/:handclap | 鼓掌 | Clap | 👏
/:&-( | 糗大了,羞辱 | Shame |
/:B-) | 坏笑,壞笑 | Trick |
/:<@ | 左哼哼 | Bah! L |
/:@> | 右哼哼 | Bah! R |
/::-O | 哈欠 | Yawn |
/:>-¦ | 鄙视,鄙視 | Pooh-pooh,Lookdown |
/:P-( | 委屈 | Shrunken,Wronged | 🥺
/::'¦ | 快哭了 | TearingUp,Puling |
/:X-) | 阴险,陰險 | Sly |
/::* | 亲亲,親親 | Kiss | 😘
/:@x | 吓,嚇 | Wrath |
/:8* | 可怜,可憐 | Whimper |
/:pd | 菜刀 | Cleaver | 🔪
/:<W> | 西瓜 | Watermelon | 🍉
/:beer | 啤酒 | Beer | 🍺
/:basketb | 篮球,籃球 | Basketball | 🏀
/:oo | 乒乓 | PingPong | 🏓
/:coffee | 咖啡 | Coffee | ☕
/:eat | 饭,飯 | Rice | 🍚
/:pig | 猪头,豬頭 | Pig | 🐷
/:rose | 玫瑰 | Rose | 🌹
/:fade | 凋谢,枯萎 | Wilt | 🥀
/:showlove | 嘴唇,示爱,示愛 | Lips | 💋
/:heart | 爱心,愛心 | Heart | ❤
/:break | 心碎 | BrokenHeart | 💔
/:cake | 蛋糕 | Cake | 🎂
/:li | 闪电,閃電 | Lightning | ⚡
/:bome | 炸弹,炸彈 | Bomb | 💣
/:kn | 刀 | Dagger | 🗡
/:footb | 足球 | Soccer | ⚽
/:ladybug | 瓢虫,甲蟲 | Ladybug | 🐞
/:shit | 便便 | Poop | 💩
/:moon | 月亮 | Moon | 🌙,🌛
/:sun | 太阳,太陽 | Sun | ☀,🌞
/:gift | 礼物,禮物 | Gift | 🎁 | e112
/:hug | 拥抱,擁抱 | Hug | 🤗
/:strong | 强,強 | ThumbsUp,Thumbs Up,Strong | 👍
/:weak | 弱 | ThumbsDown,Thumbs Down,Weak | 👎
/:share | 握手 | Shake | 🤝
/:v | 胜利,勝利 | Peace,Victory | ✌
/:@) | 抱拳 | Fight,Salute |
/:jj | 勾引 | Beckon |
/:@@ | 拳头,拳頭 | Fist | 👊,✊
/:bad | 差劲,差勁 | Pinky |
/:lvu | 爱你,愛你 | RockOn | 🤟
/:no | NO | Nuh-uh | 🙅
/:ok | OK | OK | 👌
/:love | 爱情,愛情 | InLove | 💑
/:<L> | 飞吻,飛吻 | Blowkiss |
/:jump | 跳跳 | Waddle |
/:shake | 发抖,發抖 | Tremble |
/:<O> | 怄火,噴火 | Aaagh! |
/:circle | 转圈,轉圈 | Twirl |
/:kotow | 磕头,磕頭 | Kotow | 🙇
/:turn | 回头,回頭 | Dramatic |
/:skip | 跳绳,跳繩 | JumpRope |
/:oY | 投降,挥手 | Surrender |
/:#-0 | 激动,激動 | Hooray |
/:hiphot | 乱舞,亂舞,街舞 | Meditate | 🕺
/:kiss | 献吻,獻吻 | Smooch |
/:<& | 左太极,左太極 | TaiChi L |
/:&> | 右太极,右太極 | TaiChi R |
"""

NEWER = """
 | 嘿哈,吼嘿 | Hey |
 | 捂脸,掩面 | Facepalm | 🤦
 | 奸笑 | Smirk | 😏
 | 机智,機智 | Smart |
 | 皱眉,皺眉 | Moue,Concerned | 😟
 | 耶,歐耶 | Yeah! |
 | 茶 | Tea | 🍵
 | 红包,紅包 | Packet | 🧧
 | 蜡烛,蠟燭 | Candle | 🕯
 | 福 | Blessing |
 | 鸡,小雞 | Chick | 🐤
 | 發,发 | Rich |
 | 吃瓜 | Onlooker |
 | 加油 | GoForIt |
 | 加油加油 | KeepFighting |
 | 汗 | Sweats |
 | 天啊 | OMG |
 | Emm,一言難盡 | Emm |
 | 社会社会,社會社會 | Respect |
 | 旺柴 | Doge |
 | 好的 | NoProb |
 | 打脸,打臉 | MyBad |
 | 哇 | Wow | 🤩
 | 翻白眼 | Boring | 🙄
 | 666 | Awesome |
 | 让我看看,讓我看看 | LetMeSee |
 | 叹气,嘆氣 | Sigh | 😮‍💨
 | 苦涩,苦澀 | Hurt |
 | 裂开,裂開 | Broken |
 | 爆竹 | Firecracker | 🧨
 | 烟花,煙花 | Fireworks | 🎆
 | 笑脸,笑臉 | Happy | 😄 | e415
 | 生病 | Sick | 😷 | e40c
 | 破涕为笑,破涕為笑 | Lol | 😂 | e412
 | 吐舌 | | 😝 | e409
 | 脸红,臉紅 | Flushed | 😳 | e40d
 | 恐惧,恐懼 | Terror | 😱 | e107
 | 失望 | Let Down | 😔 | e403
 | 无语,無語 | Duh | 😒 | e40e
 | 鬼魂 | Ghost | 👻 | e11b
 | 合十 | Worship | 🙏 | e41d
 | 强壮,強壯 | | 💪 | e14c
 | 庆祝,慶祝 | Party | 🎉 | e312
"""


@dataclass(frozen=True)
class Face:
    """One face: how the phone's code, the bracketed names and Unicode write it."""

    code: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    unicode: tuple[str, ...]
    private: str

    @property
    def shown(self) -> str:
        """How a page shows the face: its Unicode look-alike, else its Chinese name in brackets."""
        return self.unicode[0] if self.unicode else f"[{self.chinese[0]}]"

    @property
    def bracketed(self) -> tuple[str, ...]:
        """The names as phones send them: [微笑], [Smile]."""
        return tuple(f"[{name}]" for name in (*self.chinese, *self.english))


def _face(line: str) -> Face:
    # The bar that parts the fields is part of five codes: there the table writes ¦.
    fields = [field.strip() for field in line.split("|")] + [""] * 5
    chinese, english, unicode = (tuple(name for name in field.split(",") if name) for field in fields[1:4])
    private = chr(int(fields[4], 16)) if fields[4] else ""
    return Face(fields[0].replace("¦", "|"), chinese, english, unicode, private)


FACES: tuple[Face, ...] = tuple(_face(line) for line in (CLASSIC + NEWER).splitlines() if line.strip())

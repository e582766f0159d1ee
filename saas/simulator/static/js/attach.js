// Pictures, voice, places, links and files: the panel behind the plus.
import { closePanels } from "./composer.js";
import { find, make } from "./dom.js";
import { act, tell } from "./state.js";
import { DRAWINGS } from "./drawings.js";
import { say } from "./words.js";

const LARGEST = 10 * 1024 * 1024;
const PLACES = [
  ["上海市黄浦区人民广场", 31.230416, 121.473701], ["北京市朝阳区三里屯太古里", 39.934106, 116.454835],
  ["广州市天河区体育中心", 23.137466, 113.325065], ["深圳市福田区会展中心", 22.533013, 114.060903],
  ["成都市锦江区春熙路", 30.657463, 104.078104], ["杭州市上城区湖滨银泰", 30.253083, 120.162963],
  ["武汉市江汉区江汉路", 30.578831, 114.291245], ["西安市碑林区钟楼", 34.259458, 108.947001],
  ["乌鲁木齐市天山区大巴扎", 43.777702, 87.625038],
];

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

// A silent recording: AMR's head, then fifty frames of nothing for each second.
function silence(seconds) {
  const frame = [0x04, ...Array(12).fill(0)];
  return base64([..."#!AMR\n"].map((sign) => sign.charCodeAt(0)).concat(...Array.from({ length: Math.min(60, seconds) * 50 }, () => frame)));
}

async function pictureOf(form) {
  const [file] = form.file.files;
  if (!file) return { type: "image", filename: "photo.png", data: DRAWINGS[form.picture.value]() };
  if (file.size > LARGEST) return tell("refused", say("file_too_large"));
  return { type: "image", filename: file.name, data: base64(new Uint8Array(await file.arrayBuffer())) };
}

const READERS = {
  image: pictureOf,
  voice: async (form) => {
    const seconds = Number(form.seconds.value);
    return { type: "voice", filename: "voice.amr", seconds, recognition: form.recognition.value, data: silence(seconds) };
  },
  location: async (form) => ({ type: "location", label: form.label.value, latitude: Number(form.latitude.value), longitude: Number(form.longitude.value) }),
  link: async (form) => ({ type: "link", title: form.title.value, description: form.description.value, url: form.url.value }),
};

const AT_ONCE = {
  shortvideo: () => ({ type: "shortvideo", filename: "clip.mp4", data: base64([0, 0, 0, 24, 102, 116, 121, 112, 109, 112, 52, 50, 0, 0, 0, 0]) }),
  file: () => ({ type: "file", title: "会员手册.pdf" }),
};

function showPictures() {
  const options = Object.keys(DRAWINGS).map((name, index) =>
    make("label", {}, make("input", { type: "radio", name: "picture", value: name, checked: index === 0 }), make("span", {}, say(`picture_${name}`))),
  );
  find("pictures").append(...options);
}

function showPlaces() {
  const form = find("places").form;
  find("places").replaceChildren(...PLACES.map(([name], index) => make("option", { value: index }, name)));
  const fill = () => { [form.label.value, form.latitude.value, form.longitude.value] = PLACES[find("places").value]; };
  find("places").addEventListener("change", fill);
  fill();
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  form.closest("dialog").close();
  const values = await READERS[form.dataset.act](form);
  if (values) act(values);
}

export const picture = (name = "latte") => ({ filename: "photo.png", data: DRAWINGS[name]() });

export function startAttach() {
  showPictures();
  showPlaces();
  find("link-address").value = "https://example.test/menu";
  for (const button of document.querySelectorAll("[data-dialog]")) {
    button.addEventListener("click", () => { closePanels(); find(button.dataset.dialog).showModal(); });
  }
  for (const button of document.querySelectorAll("button[data-act]")) {
    button.addEventListener("click", () => { closePanels(); act(AT_ONCE[button.dataset.act]()); });
  }
  for (const button of document.querySelectorAll("[data-cancel]")) button.addEventListener("click", () => button.closest("dialog").close());
  for (const form of document.querySelectorAll("dialog form[data-act]")) form.addEventListener("submit", submit);
}

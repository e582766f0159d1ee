// Three pictures a fan might take, drawn here so that nothing has to be fetched. Each gives a PNG in base64.

function draw(paint) {
  const canvas = document.createElement("canvas");
  canvas.width = 480;
  canvas.height = 360;
  paint(canvas.getContext("2d"));
  return canvas.toDataURL("image/png").split(",")[1];
}

function disc(pen, colour, x, y, radius) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function box(pen, colour, ...sides) {
  pen.fillStyle = colour;
  pen.fillRect(...sides);
}

function latte(pen) {
  box(pen, "#c9a27a", 0, 0, 480, 360);
  for (const x of [90, 210, 330, 450]) box(pen, "#bd9268", x, 0, 4, 360);
  disc(pen, "#efe9e1", 240, 180, 150);
  disc(pen, "#ffffff", 240, 180, 112);
  disc(pen, "#a9703f", 240, 180, 98);
  disc(pen, "#f3dcc0", 218, 165, 30);
  disc(pen, "#f3dcc0", 262, 165, 30);
  pen.beginPath();
  pen.moveTo(190, 176);
  pen.lineTo(240, 240);
  pen.lineTo(290, 176);
  pen.fill();
}

function shop(pen) {
  box(pen, "#bcd8e8", 0, 0, 480, 360);
  box(pen, "#8a8f94", 0, 300, 480, 60);
  box(pen, "#f5efe6", 70, 90, 340, 210);
  box(pen, "#0b6e4f", 70, 90, 340, 50);
  for (let x = 70; x < 410; x += 68) box(pen, "#ffffff", x, 140, 34, 26);
  for (let x = 104; x < 410; x += 68) box(pen, "#d9483b", x, 140, 34, 26);
  box(pen, "#6b4a2f", 290, 180, 80, 120);
  box(pen, "#9fc6d6", 100, 185, 150, 80);
  box(pen, "#ffffff", 170, 108, 140, 14);
}

function receipt(pen) {
  box(pen, "#5b4a3f", 0, 0, 480, 360);
  box(pen, "#fcfbf7", 140, 20, 200, 320);
  box(pen, "#333333", 175, 44, 130, 12);
  for (let y = 84; y < 250; y += 24) {
    box(pen, "#999999", 160, y, 60 + ((y * 7) % 50), 7);
    box(pen, "#777777", 290, y, 32, 7);
  }
  box(pen, "#222222", 160, 268, 60, 12);
  box(pen, "#222222", 276, 268, 46, 12);
  for (let x = 165; x < 320; x += 5) box(pen, "#222222", x, 300, (x * 13) % 4 + 1, 26);
}

export const DRAWINGS = { latte: () => draw(latte), shop: () => draw(shop), receipt: () => draw(receipt) };

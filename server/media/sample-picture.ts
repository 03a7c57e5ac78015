import sharp from 'sharp';

const shorterSide = 720;

/** A drawn product on a calm ground as a JPEG of that ratio, for try-outs: no seller's picture is needed. */
export function samplePicture(ratio: { width: number; height: number }): Promise<Uint8Array> {
  const unit = shorterSide / Math.min(ratio.width, ratio.height);
  const [width, height] = [Math.round(ratio.width * unit), Math.round(ratio.height * unit)];
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#e9efe9"/><stop offset="1" stop-color="#c3d2c9"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#wall)"/>
    <g transform="translate(${width / 2} ${height / 2})">
      <ellipse cy="176" rx="190" ry="26" fill="#a3b5aa"/>
      <path d="M110-60h40a70 70 0 0 1 0 140h-40" fill="none" stroke="#8f4a2c" stroke-width="30"/>
      <path d="M-140-150h280v270a50 50 0 0 1-50 50h-180a50 50 0 0 1-50-50z" fill="#b5623d"/>
      <ellipse cy="-150" rx="140" ry="34" fill="#7c3d23"/>
    </g>
  </svg>`;
  return sharp(Buffer.from(drawing)).jpeg({ quality: 90 }).toBuffer();
}

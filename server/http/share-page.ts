import { html } from 'hono/html';
import type { JobRow } from '../store/schema.ts';

export interface SharedResult {
  job: Pick<JobRow, 'title' | 'video' | 'image'>;
  pageUrl: string;
  /** The clip or picture itself. */
  fileUrl: string;
  posterUrl: string;
  language: 'ru' | 'en' | 'vi';
}

const words = {
  ru: { title: 'Видео товара', picture: 'Картинка товара', save: 'Скачать' },
  en: { title: 'Product video', picture: 'Product picture', save: 'Download' },
  vi: { title: 'Video sản phẩm', picture: 'Ảnh sản phẩm', save: 'Tải về' },
};

/** The page's style sheet, under `/share.css`. */
export const shareStyle = `:root { color-scheme: light dark }
body {
  box-sizing: border-box; min-height: 100dvh; margin: 0; padding: 24px;
  display: grid; place-content: center; justify-items: center; gap: 16px;
  font: 16px/1.5 system-ui, sans-serif;
}
video, img { max-width: min(100%, 720px); max-height: 78dvh; width: auto; height: auto; border-radius: 16px; background: #8883 }
h1 { margin: 0; font-size: 1.25rem; text-align: center; overflow-wrap: anywhere }
a { padding: 8px 16px; border: 1px solid; border-radius: 10px; color: inherit; text-decoration: none }
`;

/** What the page may load: its own style, files of this server, and of the provider or bucket that they come from. */
export const sharePagePolicy = (fileOrigin: string): string =>
  `default-src 'none'; style-src 'self'; img-src 'self' ${fileOrigin}; media-src 'self' ${fileOrigin}; ` +
  `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A page that plays one shared result, with the tags that messengers read (ogp.me, read 2026-11-20). */
export function sharePage({ job, pageUrl, fileUrl, posterUrl, language }: SharedResult) {
  const { title: fallback, picture, save } = words[language];
  const { video } = job;
  const shown = (video ?? job.image)!;
  const title = job.title || (video ? fallback : picture);
  const { width, height, contentType } = shown;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <meta property="og:title" content="${title}" />
        <meta property="og:type" content="${video ? 'video.other' : 'website'}" />
        <meta property="og:url" content="${pageUrl}" />
        <meta property="og:image" content="${video ? posterUrl : fileUrl}" />
        <meta property="og:image:width" content="${width}" />
        <meta property="og:image:height" content="${height}" />
        ${
          video
            ? html`<meta property="og:video" content="${fileUrl}" />
                <meta property="og:video:type" content="${contentType}" />
                <meta property="og:video:width" content="${width}" />
                <meta property="og:video:height" content="${height}" />`
            : ''
        }
        <meta name="twitter:card" content="summary_large_image" />
        <link rel="stylesheet" href="/share.css" />
      </head>
      <body>
        <h1>${title}</h1>
        ${
          video
            ? html`<video
                src="${fileUrl}"
                poster="${posterUrl}"
                width="${width}"
                height="${height}"
                controls
                muted
                loop
                playsinline
                preload="metadata"
              ></video>`
            : html`<img src="${fileUrl}" width="${width}" height="${height}" alt="${title}" />`
        }
        <a href="${fileUrl}" download>${save}</a>
      </body>
    </html>`;
}

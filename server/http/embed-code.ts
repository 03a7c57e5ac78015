/** What a shop's page needs to show a shared clip, or a picture, which is all `posterUrl` then. Sizes are pixels. */
export interface Embedding {
  videoUrl?: string;
  posterUrl: string;
  width: number;
  height: number;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

/**
 * HTML for a storefront: a picture, or a clip that is muted, looping, inline, with a poster. Browsers skip a `source` whose `media` does not hold, so
 * whoever asked for reduced motion sees the still poster and loads no video, without any script.
 */
export function embedCode({ videoUrl, posterUrl, width, height }: Embedding): string {
  const size = `width="${width}" height="${height}" style="max-width:100%;height:auto"`;
  if (videoUrl === undefined) return `<img src="${escaped(posterUrl)}" ${size} loading="lazy" alt="">`;
  return [
    `<video muted loop autoplay playsinline preload="metadata" ${size} poster="${escaped(posterUrl)}">`,
    `  <source src="${escaped(videoUrl)}" type="video/mp4" media="(prefers-reduced-motion: no-preference)">`,
    `  <img src="${escaped(posterUrl)}" alt="">`,
    `</video>`,
  ].join('\n');
}

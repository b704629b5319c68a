/** Counts the textures that live on the graphics card, from outside: the page's own WebGL 2 calls are watched from its first script on. */
import type { Page } from 'playwright/test';

interface Watched {
  liveTextures: number;
}

/** Must be called before the page is opened. */
export async function watchTextures(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = window as unknown as Watched;
    watched.liveTextures = 0;
    const gl = WebGL2RenderingContext.prototype;
    const alive = new Map<WebGL2RenderingContext, Set<WebGLTexture>>();
    const recount = (): void => {
      watched.liveTextures = [...alive]
        .filter(([context]) => !context.isContextLost())
        .reduce((sum, [, textures]) => sum + textures.size, 0);
    };
    const { createTexture, deleteTexture } = gl;
    gl.createTexture = function (this: WebGL2RenderingContext) {
      const texture = createTexture.call(this);
      const textures = alive.get(this) ?? new Set();
      alive.set(this, textures.add(texture));
      recount();
      return texture;
    };
    gl.deleteTexture = function (this: WebGL2RenderingContext, texture) {
      deleteTexture.call(this, texture);
      if (texture) alive.get(this)?.delete(texture);
      recount();
    };
  });
}

export function liveTextures(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as Watched).liveTextures);
}

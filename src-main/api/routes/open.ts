/** The door of a served window: `/open?key=…` turns a one-time link into a cookie; without the cookie there is nothing but words. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { AppError } from '../../shared/appError.ts';
import { errorPage } from '../errorPage.ts';
import { errorResponse } from '../errorResponse.ts';
import type { OneTimeLinks } from '../oneTimeLinks.ts';

/** Cookies do not know ports: two served windows of one machine must not share a name. */
function cookieName(context: Context): string {
  return `ilium-${new URL(context.req.url).port || '80'}`;
}

function hasSession(context: Context, links: OneTimeLinks): boolean {
  return links.isSession(getCookie(context, cookieName(context)) ?? '');
}

/** `GET /open?key=…`. A browser that is in already just goes on; a used or wrong key is said in words. */
export function openRoutes(links: OneTimeLinks): Hono {
  const routes = new Hono();
  routes.get('/open', (context) => {
    const session = links.redeem(context.req.query('key') ?? '');
    if (session === undefined && !hasSession(context, links)) return errorPage(context, 'LINK_USED');
    if (session !== undefined)
      setCookie(context, cookieName(context), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
    context.header('Cache-Control', 'no-store');
    return context.redirect('/', 303);
  });
  return routes;
}

/**
 * Lets only browsers with the cookie at the window's data. Its scripts and styles are no secret, and the page itself is shown where a link
 * on another page led through `/open`: browsers hold the strict cookie back on that one request.
 */
export function requireSession(links: OneTimeLinks): MiddlewareHandler {
  return async (context, next) => {
    const { path } = context.req;
    const isData = path.startsWith('/api/');
    const isPage = path === '/' && context.req.header('Sec-Fetch-Site') !== 'cross-site';
    if ((isData || isPage) && !hasSession(context, links)) {
      return isData
        ? errorResponse(new AppError('SESSION_NEEDED'), context)
        : errorPage(context, 'SESSION_NEEDED');
    }
    return next();
  };
}

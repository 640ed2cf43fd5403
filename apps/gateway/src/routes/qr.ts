import { QrQuery } from '@quittance/contracts/seed-001';
import { DomainError } from '@quittance/rpc';
import { Hono, type HonoRequest } from 'hono';
import QRCode from 'qrcode';
import type { GatewayEnv } from '../gateway-env.ts';
import { onlyMethods } from '../middleware/only-methods.ts';
import { publicUrlOf, type PublicUrlSettings } from '../public-url.ts';
import { readQuery } from '../read-query.ts';

export interface QrSettings extends PublicUrlSettings {
  /** Who draws QR codes, in the way of QuickChart; without it this gateway does. */
  qrUrl: string | undefined;
}

/** Where the QR code of a text is. */
export const qrUrlOf = (request: HonoRequest, text: string, settings: QrSettings): string => {
  const url = settings.qrUrl ?? `${publicUrlOf(request, settings)}/v2/qr`;
  return `${url}${url.includes('?') ? '&' : '?'}text=${encodeURIComponent(text)}`;
};

const draw = async ({ text, format, size, margin, ecLevel, dark, light }: QrQuery) => {
  const options = {
    width: size,
    margin,
    errorCorrectionLevel: ecLevel,
    color: { dark: `#${dark}`, light: `#${light}` },
  };
  return format === 'svg'
    ? QRCode.toString(text, { ...options, type: 'svg' })
    : new Uint8Array(await QRCode.toBuffer(text, options));
};

/** @throws DomainError `invalid_request` for more text than a QR code holds */
const drawn = (query: QrQuery) =>
  draw(query).catch((cause: unknown) => {
    if (!(cause instanceof Error && cause.message.includes('too big'))) throw cause;
    throw new DomainError('invalid_request', 'is more than a QR code holds', {
      param: 'text',
      cause,
    });
  });

const types = { png: 'image/png', svg: 'image/svg+xml' };

/** QR codes, `/v2/qr`, for whoever asks. The same query is for ever the same picture, which any page may show. */
export const qrRoutes = (): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();

  routes.get('/', async (c) => {
    const query = readQuery(c.req, QrQuery);
    return c.body(await drawn(query), 200, {
      'content-type': types[query.format],
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });

  routes.all('/', onlyMethods('GET'));
  return routes;
};

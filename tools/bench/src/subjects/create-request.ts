import type { Request } from '../processes/http.ts';

/** `POST /v1/invoice/create` as a merchant sends it. */
export const createRequest = (gatewayUrl: string, apiKey: string): Request => ({
  url: `${gatewayUrl}/v1/invoice/create`,
  headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    provider: 'stripe',
    item_type: 'flight',
    item_id: 1,
    final_amount: 20.5,
    currency: 'usd',
  }),
});

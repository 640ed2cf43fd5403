import type { Caller } from '@quittance/contracts';

/** What middleware leaves on the context of a request. */
export interface GatewayEnv {
  Variables: { requestId: string; caller: Caller };
}

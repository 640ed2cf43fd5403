import type { Project } from '@quittance/contracts';

/** A shop, as it is at Bitsby. */
export const aProject: Project = {
  id: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  accountId: 7,
  name: 'The shop',
  providers: [
    { provider: 'bitsby', ref: '11111111-2222-4333-8444-555566667777', webhookToken: 'whk_1' },
  ],
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T00:00:00.000Z',
};

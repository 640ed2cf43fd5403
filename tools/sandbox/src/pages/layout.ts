import { html } from 'hono/html';

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #1f2430; background: #f4f5f8; margin: 0; }
  main { max-width: 44rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: 12px;
    box-shadow: 0 1px 3px rgb(0 0 0 / 12%); }
  h1 { margin: 0 0 .25rem; font-size: 2rem; }
  h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
  .muted { color: #697386; margin: 0; }
  .status { display: inline-block; padding: .1rem .6rem; border-radius: 99px; background: #e3e8ee; font-size: .85rem; }
  .status.succeeded, .status.paid { background: #cbf4c9; } .status.canceled, .status.void { background: #fde2dd; }
  .error { background: #fde2dd; padding: .75rem 1rem; border-radius: 8px; }
  dl, table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
  dl { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .4rem 1rem; }
  dt { color: #697386; } dd { margin: 0; }
  dt, dd, p, .lines { overflow-wrap: anywhere; }
  .text { white-space: pre-line; }
  .amount { white-space: nowrap; }
  td, th { text-align: left; vertical-align: top; padding: .4rem .5rem .4rem 0; border-bottom: 1px solid #e3e8ee; }
  form { display: inline; }
  button { font: inherit; padding: .6rem 1.2rem; margin: .25rem .25rem 0 0; border: 0; border-radius: 8px; cursor: pointer;
    background: #e3e8ee; color: inherit; }
  button.main { background: #4f46e5; color: #fff; }
  code { font-size: .9em; }
  a { color: #4f46e5; }
  td.amount, th.amount { text-align: right; padding: .4rem 0 .4rem .75rem; }
  @media (max-width: 40rem) {
    main { margin: 0 auto; padding: 1.5rem 1rem; }
    dl { grid-template-columns: 8rem minmax(0, 1fr); }
    .lines tr { display: grid; grid-template-columns: 5rem 1fr 1fr; border-bottom: 1px solid #e3e8ee; padding: .4rem 0; }
    .lines td, .lines th { border: 0; padding: .1rem 0; }
    .lines td:first-child, .lines th:first-child { grid-column: 1 / -1; }
    .lines td:nth-child(2), .lines th:nth-child(2) { text-align: left; }
  }
`;

type Fragment = ReturnType<typeof html>;

/** A page without assets of its own. */
export const layout = (title: string, content: Fragment): Fragment =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;

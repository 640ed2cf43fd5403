const params = new Map([
  ['money.amount', 'amount'],
  ['money.currency', 'currency'],
  ['filter.item.type', 'itemType'],
  ['filter.item.id', 'itemId'],
  ['filter.text', 'q'],
  ['expiry.seconds', 'expiresIn'],
  ['expiry.time', 'expiresAt'],
  ['options.due.days', 'dueInDays'],
  ['options.due.time', 'dueAt'],
  ['act.paymentMethod', 'paymentMethod'],
  ['act.outOfBand', 'outOfBand'],
  ['filter.state', 'status'],
  ['filter.invoicePublicId', 'invoiceId'],
  ['providers.0.ref', 'bitsby.projectId'],
]);

/** This dialect's name of a field of ours. */
export const paramOf = (param: string): string =>
  params.get(param) ?? param.replace(/^(?:options|filter|what|policy)\./, '');

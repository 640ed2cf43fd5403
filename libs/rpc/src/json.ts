/** JSON.parse with an honest type. @throws SyntaxError */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  return value;
};

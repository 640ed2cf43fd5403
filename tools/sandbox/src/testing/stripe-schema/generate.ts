import { join } from 'node:path';
import {
  AnyType,
  DEFAULT_CONFIG,
  LiteralType,
  NeverType,
  ObjectProperty,
  ObjectType,
  SchemaGenerator,
  StringType,
  createFormatter,
  createParser,
  createProgram,
  type CompletedConfig,
} from 'ts-json-schema-generator';

/** By the value of `object` (`charge`), by that and the type of an event (`event:charge.refunded`), or by name. */
export type StripeSchemas = Record<string, unknown>;

type Program = ReturnType<typeof createProgram>;
type Type = ReturnType<ReturnType<Program['getTypeChecker']>['getTypeAtLocation']>;

const config: CompletedConfig = {
  ...DEFAULT_CONFIG,
  path: join(import.meta.dirname, 'wire.ts'),
  tsconfig: join(import.meta.dirname, '../../../tsconfig.json'),
  additionalProperties: false,
  expose: 'all',
  jsDoc: 'none',
  skipTypeCheck: true,
  topRef: false,
};

const isResourceFile = (path: string): boolean =>
  /\/stripe\/esm\/resources\/(?!V2\/).*\.d\.ts$/.test(path);

const literalOf = (program: Program, type: Type, name: string): string | undefined => {
  const property = type.getProperty(name);
  const value = property && program.getTypeChecker().getTypeOfSymbol(property);
  return value?.isStringLiteral() ? value.value : undefined;
};

/** The `object` of a resource; undefined for a part of one, for lists and for events. */
const resourceName = (program: Program, type: Type): string | undefined => {
  const name = type.isClassOrInterface() ? literalOf(program, type, 'object') : undefined;
  return name === 'list' || name === 'search_result' || name === 'event' ? undefined : name;
};

/**
 * Reads types as what they are on the wire: enums closed (`OtherString` is the SDK's room for later values), decimals as
 * text, and another resource inside of one by its `object` alone, so that each schema stands for itself.
 */
const createWireParser = (program: Program) => {
  const checker = program.getTypeChecker();
  const isName = (text: string): boolean => /^[A-Za-z][\w.]*$/.test(text);
  return createParser(program, config, (parsers) => {
    parsers
      .addNodeParser({
        supportsNode: (node) => ['OtherString', 'void'].includes(node.getText()),
        createType: () => new NeverType(),
      })
      .addNodeParser({
        supportsNode: (node) => node.getText() === 'Decimal',
        createType: () => new StringType(),
      })
      .addNodeParser({
        // The previous attributes of an event, which are checked as a part of its object.
        supportsNode: (node) => /^Partial<\w+>$/.test(node.getText()),
        createType: () => new AnyType(),
      })
      .addNodeParser({
        supportsNode: (node) =>
          isName(node.getText()) &&
          resourceName(program, checker.getTypeAtLocation(node)) !== undefined,
        createType: (node) => {
          const name = resourceName(program, checker.getTypeAtLocation(node)) ?? '';
          const object = new ObjectProperty('object', new LiteralType(name), true);
          return new ObjectType(`resource-${name}`, [], [object], true);
        },
      });
  });
};

const keyOf = (program: Program, type: Type): string | undefined => {
  const eventType = literalOf(program, type, 'type');
  if (literalOf(program, type, 'object') === 'event') {
    return eventType === undefined ? undefined : `event:${eventType}`;
  }
  const name = resourceName(program, type);
  return type.getProperty('deleted') !== undefined && type.symbol.name.startsWith('Deleted')
    ? name && `deleted:${name}`
    : name;
};

/** The few numbers of Stripe's that are not whole: rates, shares of a hundred, and measures. */
const isFraction = (name: string): boolean =>
  /rate|percent|itude$|length|width|height|weight/.test(name);

/** The SDK's types know only numbers; whatever counts minor units, seconds or things is whole. */
const wholeNumbers = (schema: unknown, name = ''): unknown => {
  if (Array.isArray(schema)) return schema.map((part) => wholeNumbers(part, name));
  if (typeof schema !== 'object' || schema === null) return schema;
  const whole = (type: unknown): unknown => (type === 'number' ? 'integer' : type);
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => {
      if (key === 'type' && !isFraction(name) && typeof part === 'string')
        return [key, whole(part)];
      if (key === 'type' && !isFraction(name) && Array.isArray(part)) return [key, part.map(whole)];
      return [key, wholeNumbers(part, ['anyOf', 'items'].includes(key) ? name : key)];
    }),
  );
};

/** JSON schemas of everything that Stripe's API says, from the types of the installed SDK. Takes seconds. */
export const generateStripeSchemas = (): StripeSchemas => {
  const program = createProgram(config);
  const checker = program.getTypeChecker();
  const parser = createWireParser(program);
  const generator = new SchemaGenerator(program, parser, createFormatter(config), config);
  const schemas: StripeSchemas = {};

  for (const file of program.getSourceFiles().filter(({ fileName }) => isResourceFile(fileName))) {
    const module = checker.getSymbolAtLocation(file);
    for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      const key = type.isClassOrInterface() ? keyOf(program, type) : undefined;
      const declaration = symbol.declarations?.find((node) =>
        node.getText().startsWith('export interface'),
      );
      if (key === undefined || declaration === undefined) continue;
      if (schemas[key] !== undefined) throw new Error(`Two types of the SDK are called ${key}`);
      schemas[key] = wholeNumbers(generator.createSchemaFromNodes([declaration]));
    }
  }
  return {
    ...schemas,
    error: generator.createSchema('ErrorAnswer'),
    list: generator.createSchema('List'),
    search_result: generator.createSchema('SearchResult'),
  };
};

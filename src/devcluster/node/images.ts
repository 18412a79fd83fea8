import type { Container } from '../controllers/objects.ts';

/** The local program that stands for a container image. */
export interface ImageProgram {
  /** The image's entry point. */
  readonly command: readonly string[];
  /** The image's default arguments, replaced by a container's `args`. */
  readonly args?: readonly string[];
}

/** Image name, with or without registry and tag -> program. */
export type ImageTable = Readonly<Record<string, ImageProgram>>;

/** What runs for an image that is not in the table: nothing but waiting, some 70 years. */
export const pauseCommand: readonly string[] = ['sleep', '2147483647'];

/**
 * The names under which an image may be in the table, the most exact first:
 * `ghcr.io/acme/web:1.2`, `ghcr.io/acme/web`, `acme/web:1.2`, `acme/web`, `web:1.2`, `web`.
 */
export function imageNames(image: string): string[] {
  const untagged = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const parts = image.split('/');
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '');
  const withoutRegistry = hasRegistry ? image.slice((parts[0] ?? '').length + 1) : image;
  const untaggedParts = untagged.split('/');
  const names = [
    image,
    untagged,
    withoutRegistry,
    hasRegistry ? untaggedParts.slice(1).join('/') : untagged,
    parts.at(-1) ?? image,
    untaggedParts.at(-1) ?? untagged,
  ];
  return [...new Set(names)];
}

export function findImage(images: ImageTable, image: string): ImageProgram | undefined {
  const name = imageNames(image).find((candidate) => Object.hasOwn(images, candidate));
  return name === undefined ? undefined : images[name];
}

export interface ContainerProgram {
  readonly argv: readonly string[];
  /** `image`: from the table; `container`: the container's own command; `pause`: neither is known. */
  readonly from: 'image' | 'container' | 'pause';
}

/** What to run: a container's `command` replaces the image's command and args, its `args` the image's args. */
export function programOf(
  { image = '', command = [], args = [] }: Container,
  images: ImageTable,
): ContainerProgram {
  if (command.length > 0) return { argv: [...command, ...args], from: 'container' };
  const program = findImage(images, image);
  if (program === undefined) return { argv: pauseCommand, from: 'pause' };
  return { argv: [...program.command, ...(args.length > 0 ? args : (program.args ?? []))], from: 'image' };
}

// Room within reach of the kernels for what an object remembers, where that is too much to be copied in and out at each call.
// A room has one lodger at a time: when another one enters, what the last one has there is put aside until it comes back.
// So an object that works alone never copies, and any number of objects may take turns.
import { reserveApart } from './wasm.ts';

/** Some planes of one length. Belongs to a module, as everything does that is reserved. */
export class Room {
  readonly #planes: readonly Float64Array[];
  #lodger: Lodger | null = null;

  constructor(planes: number, length: number) {
    this.#planes = Array.from({ length: planes }, () => reserveApart(length));
  }

  /** The planes as the lodger left them, or with zeros the first time. */
  enter(lodger: Lodger): readonly Float64Array[] {
    if (this.#lodger !== lodger) {
      this.#lodger?.putAside(this.#planes);
      lodger.unpack(this.#planes);
      this.#lodger = lodger;
    }
    return this.#planes;
  }
}

/** What one object has in one room. */
export class Lodger {
  #aside: readonly Float64Array[] | null = null;

  putAside(planes: readonly Float64Array[]): void {
    this.#aside = planes.map((plane) => plane.slice());
  }

  unpack(planes: readonly Float64Array[]): void {
    planes.forEach((plane, n) => {
      if (this.#aside) plane.set(this.#aside[n]);
      else plane.fill(0);
    });
    this.#aside = null;
  }
}

/** A room for each size, made when it is first asked for. */
export const roomsBySize = (planes: number, lengthOf: (size: number) => number): ((size: number) => Room) => {
  const rooms = new Map<number, Room>();
  return (size) => {
    const room = rooms.get(size) ?? new Room(planes, lengthOf(size));
    rooms.set(size, room);
    return room;
  };
};

/**
 * How much work the conditions of one check may do together, in steps. A step is what one instruction of a regular
 * expression does with one character in the slowest case, 10 to 25 ns; all together take less than a second.
 */
export const maxWork = 30_000_000

/** What each condition may do all the same, in steps, once others have used that up: as much as one without a body needs. */
const ownWork = 10_000

/** What it costs, in steps, to visit a value of a JSON document. */
export const visitCost = 16

/** What it costs, in steps, to list one member of an object: large ones are hash tables. */
export const memberCost = 48

/** What it costs, in steps, to look for one member of an object by its name, or to ask a value for what it has not. */
export const lookCost = 4

/** What it costs, in steps, to compare two values as numbers, or as texts that are told apart at once. */
export const compareCost = 24

/** What it costs, in steps, to write one character of the JSON of a value. */
export const jsonCost = 2

/** The work that is left. Whoever works spends first, and stops once there is not enough. */
export class Work {
  private left = maxWork
  private own = 0
  /** Whether the condition that works asked for more than was left. */
  isExhausted = false

  /** Lets the next condition begin: it may still hold if it needs little work. */
  begin(): void {
    this.own = ownWork
    this.isExhausted = false
  }

  /** Takes steps from what is left, and says whether there were enough of them; if not, nothing is left. */
  spend(steps: number): boolean {
    if (steps <= this.left) {
      this.left -= steps
      return true
    }
    if (steps <= this.own) {
      this.own -= steps
      return true
    }
    this.left = 0
    this.own = 0
    this.isExhausted = true
    return false
  }

  /** Takes what it costs to read a text once, natively. */
  spendOnText(text: string): boolean {
    return this.spend(text.length >> 3)
  }

  /** Whether something may begin whose cost is known only afterwards: not once the conditions' common work is used up. */
  mayBegin(): boolean {
    if (this.left > 0) return true
    this.isExhausted = true
    return false
  }
}

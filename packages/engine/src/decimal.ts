/** A number in a sentence, with so many decimals and a true minus sign (U+2212). */
export const decimal = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

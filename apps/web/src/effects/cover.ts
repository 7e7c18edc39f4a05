import { sentenceOf } from './sentence.ts';
import type { Lathe } from './use-lathe.ts';

/** Sends a picture to the service, and shows it from here. */
export async function sendCover({ client, dispatch }: Lathe, file: File): Promise<void> {
  if (!client) return;
  dispatch({ type: 'put-right', at: 'cover' });
  try {
    const url = await dataUrlOf(file);
    const { sha256 } = await client.covers.create({ imageBase64: url.slice(url.indexOf(',') + 1) });
    dispatch({ type: 'draft-changed', change: { cover: { sha256, filename: file.name, url } } });
  } catch (error) {
    dispatch({ type: 'went-wrong', at: 'cover', sentence: sentenceOf(error) });
  }
}

/** `data:…;base64,…` */
const dataUrlOf = (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

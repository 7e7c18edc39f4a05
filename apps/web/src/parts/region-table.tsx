import type { Analysis } from '@lathe/contracts';
import { formatNumber } from '../model/format.ts';
import { regionName, widthWord } from '../model/words.ts';

/** Width and punch of lows, low mids, mids, presence and top. */
export function RegionTable({ analysis: { stereo, dynamics } }: { analysis: Analysis }) {
  return (
    <table className="regions">
      <thead>
        <tr>
          <th scope="col">Region</th>
          <th scope="col">Width</th>
          <th scope="col">Lost in mono</th>
          <th scope="col">Peaks above level</th>
        </tr>
      </thead>
      <tbody>
        {stereo.regions.map((region, k) => (
          <tr key={region.fromHz}>
            <th scope="row">{regionName(region)}</th>
            <td>{widthWord(region)}</td>
            <td>{formatNumber(region.monoFoldDownLossDb)} dB</td>
            <td>{formatNumber(dynamics.regions[k]?.crestDb ?? null)} dB</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>The sample of the wire vectors, and what the reader must refuse.</summary>
    internal static class WireChecks
    {
        internal static void Run(Report report)
        {
            for (int i = 0; i < WireSample.Choices.Length; i++)
                Choice(report, WireSample.Choices[i]);
            for (int i = 0; i < WireSample.Envelopes.Length; i++)
                Signed(report, WireSample.Envelopes[i]);
            for (int i = 0; i < WireSample.Inversions.Length; i++)
                report.Check("order for a cap " + i.ToString(), Inverts(WireSample.Inversions[i]));
        }

        private static void Choice(Report report, ChoiceSample v)
        {
            Ladder? ladder = Ladder.TryCreate(v.PowerMw, v.HashGhs, v.PowerMw.Length, out _);
            bool known = ladder != null && ladder.Id == v.LadderId && ladder.HullCount == v.Hull.Length;
            for (int k = 0; known && k < v.Hull.Length; k++)
                known = ladder!.HullPoint(k) == v.Hull[k] && (k == 0 || ladder.CostMjPerTh(k) == v.CostMjPerTh[k - 1]);
            report.Check("ladder, hull and costs of " + v.Board, known);
            if (!known)
                return;

            byte[] name = Ascii.Bytes(v.Board);
            bool alike = true;
            for (int i = 0; i < v.Limit.Length; i++)
            {
                uint rank = Rank.Of(name, 0, name.Length, v.Salt[i]);
                alike &= rank == v.Rank[i] && ladder!.Choose(v.Limit[i], v.Share[i], rank) == v.Point[i];
            }

            for (int i = 0; i < v.CapW.Length; i++)
                alike &= ladder!.PowerPoint(v.CapW[i], out _) == v.CapPoint[i];
            report.Check("rank and choices of " + v.Board, alike);
        }

        private static void Signed(Report report, string[] v)
        {
            HmacSha256 mac = new HmacSha256(Bytes.FromHex(v[0]));
            byte[] topic = Ascii.Bytes(v[1]);
            byte[] message = Ascii.Bytes(v[2]);
            DispatchOrder order = new DispatchOrder();
            bool taken = Envelope.ParseDispatch(message, 0, message.Length, false, order) == Reject.None
                && Envelope.VerifyMac(message, 0, message.Length, topic, topic.Length, mac);
            report.Check("signed order on " + v[1] + " is taken", taken);

            byte[] written = new byte[Envelope.MaxMessage];
            int length = Envelope.WriteDispatch(order, topic, topic.Length, mac, written, 0);
            report.Check("and written alike", Ascii.Same(written, 0, length, message));

            // One digit of the seq, still well formed: only the MAC can tell.
            int digit = 0;
            while (message[digit] < '0' || message[digit] > '9')
                digit++;
            message[digit] ^= 1;
            report.Check("and refused after a digit changed", !Envelope.VerifyMac(message, 0, message.Length, topic, topic.Length, mac));
        }

        private static bool Inverts(InversionSample v)
        {
            Inversion inversion = new Inversion();
            for (int i = 0; i < v.Boards.Length; i++)
            {
                Ladder? ladder = Ladder.TryCreate(v.PowerMw[i], v.HashGhs[i], v.PowerMw[i].Length, out _);
                if (ladder == null)
                    return false;
                byte[] name = Ascii.Bytes(v.Boards[i]);
                inversion.Add(ladder, Rank.Of(name, 0, name.Length, v.Salt));
            }

            inversion.Solve(v.CapMw);
            return inversion.Unreachable == v.Unreachable && inversion.LimitMjPerTh == v.Limit && inversion.Share == v.Share
                && inversion.TotalMw == v.TotalMw;
        }
    }
}

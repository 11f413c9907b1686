namespace Ballast.Wire
{
    /// <summary>
    /// What a board can run at, with the lower convex hull of power over hash rate that pod orders choose from (contract section 7).
    /// Immutable. Point 0 is sleep.
    /// </summary>
    public sealed class Ladder
    {
        /// <summary>Most points.</summary>
        public const int MaxPoints = 32;

        /// <summary>Highest power of a point, mW, and highest hash rate of a point, GH/s.</summary>
        public const int MaxValue = 1000000000;

        /// <summary>The limit that turns everything on, mJ/TH.</summary>
        public const int Everything = 2147483647;

        private readonly int[] _powerMw;
        private readonly int[] _hashGhs;
        private readonly int[] _hull;
        private readonly int[] _cost;

        private Ladder(int[] powerMw, int[] hashGhs, int[] hull, int[] cost, uint id)
        {
            _powerMw = powerMw;
            _hashGhs = hashGhs;
            _hull = hull;
            _cost = cost;
            Id = id;
        }

        /// <summary>Points.</summary>
        public int Count => _powerMw.Length;

        /// <summary>The ladder's CRC-32, by which host and board know that they mean the same one.</summary>
        public uint Id { get; }

        /// <summary>Points on the hull, sleep included.</summary>
        public int HullCount => _hull.Length;

        /// <summary>
        /// Checks the points and builds the hull. Nothing is dropped or repaired: a ladder with a wrong point is refused, and a board
        /// drops dominated points before it publishes.
        /// </summary>
        /// <param name="powerMw">Power per point, mW, 0…10^9, not falling. The first entry is the sleep power.</param>
        /// <param name="hashGhs">Hash rate per point, GH/s, 0…10^9, strictly rising from 0.</param>
        /// <param name="count">Points, 1…32.</param>
        /// <param name="reason">What is wrong, as a sentence; null if nothing is.</param>
        /// <returns>Null if the ladder is refused.</returns>
        public static Ladder? TryCreate(int[] powerMw, int[] hashGhs, int count, out string? reason)
        {
            reason = LadderCheck.Fault(powerMw, hashGhs, count);
            if (reason != null)
                return null;

            int[] power = new int[count];
            int[] hash = new int[count];
            byte[] image = new byte[1 + 8 * count];
            image[0] = (byte)count;
            for (int i = 0; i < count; i++)
            {
                power[i] = powerMw[i];
                hash[i] = hashGhs[i];
                PutBigEndian(image, 1 + 8 * i, power[i]);
                PutBigEndian(image, 5 + 8 * i, hash[i]);
            }

            int[] stack = new int[count];
            int hullCount = BuildHull(power, hash, count, stack);
            int[] hull = new int[hullCount];
            int[] cost = new int[hullCount];
            for (int k = 0; k < hullCount; k++)
            {
                hull[k] = stack[k];
                if (k > 0)
                    cost[k] = SegmentCost(power[stack[k]] - power[stack[k - 1]], hash[stack[k]] - hash[stack[k - 1]], cost[k - 1]);
            }

            return new Ladder(power, hash, hull, cost, Crc32.Of(image, 0, image.Length));
        }

        /// <summary>Power of point <paramref name="i"/>, mW.</summary>
        public int PowerMw(int i) => _powerMw[i];

        /// <summary>Hash rate of point <paramref name="i"/>, GH/s.</summary>
        public int HashGhs(int i) => _hashGhs[i];

        /// <summary>Point at place <paramref name="k"/> of the hull, 0…<see cref="HullCount"/>−1.</summary>
        public int HullPoint(int k) => _hull[k];

        /// <summary>Cost of the step from hull place k−1 to k, mJ/TH, 1…2^31−2, not falling with k.</summary>
        /// <param name="k">1…<see cref="HullCount"/>−1.</param>
        public int CostMjPerTh(int k) => _cost[k];

        /// <summary>The point that a pod order asks for. Monotone in (limit, share).</summary>
        /// <param name="limitMjPerTh">Cost up to which a board runs, mJ/TH; 0 is all asleep, 2^31−1 everything on.</param>
        /// <param name="share">At a cost equal to the limit, boards whose rank is below this take the step.</param>
        /// <param name="rank">The board's <see cref="Rank"/> under the order's salt.</param>
        public int Choose(int limitMjPerTh, uint share, uint rank)
        {
            int[] cost = _cost;
            int k = 1;
            if (rank < share)
                while (k < cost.Length && cost[k] <= limitMjPerTh)
                    k++;
            else
                while (k < cost.Length && cost[k] < limitMjPerTh)
                    k++;
            return _hull[k - 1];
        }

        /// <summary>The point of largest hash rate whose power fits, over all points.</summary>
        /// <param name="powerW">Watts that the board may draw.</param>
        /// <param name="belowMinimum">True if not even sleep fits; the answer is sleep all the same.</param>
        public int PowerPoint(int powerW, out bool belowMinimum)
        {
            long limitMw = powerW * 1000L;
            int i = _powerMw.Length - 1;
            while (i >= 0 && _powerMw[i] > limitMw)
                i--;
            belowMinimum = i < 0;
            return i < 0 ? 0 : i;
        }

        private static int BuildHull(int[] power, int[] hash, int count, int[] stack)
        {
            int top = 0;
            stack[0] = 0;
            for (int i = 1; i < count; i++)
            {
                while (top > 0)
                {
                    int b = stack[top];
                    int a = stack[top - 1];

                    // ">=" drops collinear points too.
                    long left = (long)(power[b] - power[a]) * (hash[i] - hash[b]);
                    long right = (long)(power[i] - power[b]) * (hash[b] - hash[a]);
                    if (left < right)
                        break;
                    top--;
                }

                stack[++top] = i;
            }

            return top + 1;
        }

        private static int SegmentCost(int powerStepMw, int hashStepGhs, int costBefore)
        {
            long cost = powerStepMw <= 0 ? 1 : (powerStepMw * 1000L + hashStepGhs - 1) / hashStepGhs;
            if (cost > Everything - 1)
                cost = Everything - 1;
            return cost > costBefore ? (int)cost : costBefore;
        }

        private static void PutBigEndian(byte[] into, int off, int value)
        {
            into[off] = (byte)(value >> 24);
            into[off + 1] = (byte)(value >> 16);
            into[off + 2] = (byte)(value >> 8);
            into[off + 3] = (byte)value;
        }
    }
}

namespace Ballast.SelfCheck
{
    /// <summary>
    /// A sample of the wire vectors of the independent implementation, as static data: a bare device has no file to read them from. The
    /// tests compare it with the file.
    /// </summary>
    internal static class WireSample
    {
        /// <summary>Ladders with what an order and a power cap choose.</summary>
        internal static readonly ChoiceSample[] Choices =
        {
            new ChoiceSample
            {
                Board = "pod-23/b64652",
                PowerMw = new int[] { 19059 },
                HashGhs = new int[] { 0 },
                LadderId = 3787699192U,
                Hull = new int[] { 0 },
                CostMjPerTh = new int[] {  },
                Limit = new int[] { 0, 1312640271, 1, 1084850365, 0, 0 },
                Share = new uint[] { 4294967295U, 4294967295U, 4294967295U, 2195293102U, 2741161422U, 4294967295U },
                Salt = new uint[] { 0U, 2209151870U, 1283879010U, 4137710848U, 3591842527U, 2970843554U },
                Rank = new uint[] { 2038036653U, 4123852079U, 754157643U, 2195293101U, 2741161422U, 3362160395U },
                Point = new int[] { 0, 0, 0, 0, 0, 0 },
                CapW = new int[] { 0, 1, 151, 131207 },
                CapPoint = new int[] { 0, 0, 0, 0 },
            },
            new ChoiceSample
            {
                Board = "pod-38/b4525",
                PowerMw = new int[] { 32820, 34105147, 54463863, 93895729, 150683076, 177080590 },
                HashGhs = new int[] { 0, 28327122, 41067722, 60137335, 93648956, 127557980 },
                LadderId = 4133989989U,
                Hull = new int[] { 0, 1, 5 },
                CostMjPerTh = new int[] { 1203, 1441 },
                Limit = new int[] { 1736404157, 1203, 2147483647, 1, 2147483647, 0 },
                Share = new uint[] { 3959381683U, 1094878414U, 4294967295U, 1737120419U, 1647934407U, 2448128506U },
                Salt = new uint[] { 743061144U, 3607564414U, 3021003068U, 0U, 0U, 2066316555U },
                Rank = new uint[] { 3959381683U, 1094878413U, 1681439759U, 407475531U, 407475531U, 2636126272U },
                Point = new int[] { 5, 1, 5, 0, 5, 0 },
                CapW = new int[] { 0, 1, 51, 986724 },
                CapPoint = new int[] { 0, 0, 0, 5 },
            },
            new ChoiceSample
            {
                Board = "pod-21/b71175",
                PowerMw = new int[] { 19618, 19708, 21674, 30070 },
                HashGhs = new int[] { 0, 329, 606, 761 },
                LadderId = 785859228U,
                Hull = new int[] { 0, 1, 2, 3 },
                CostMjPerTh = new int[] { 274, 7098, 54168 },
                Limit = new int[] { 7098, 274, 0, 54169, 1, 2147483647 },
                Share = new uint[] { 3200884995U, 3200884995U, 3200884994U, 0U, 3200884994U, 3462644153U },
                Salt = new uint[] { 0U, 0U, 0U, 1445433900U, 0U, 4033208138U },
                Rank = new uint[] { 3200884994U, 3200884994U, 3200884994U, 1755451094U, 3200884994U, 3462644152U },
                Point = new int[] { 2, 1, 0, 3, 0, 3 },
                CapW = new int[] { 0, 1, 176, 286969 },
                CapPoint = new int[] { 0, 0, 3, 3 },
            },
            new ChoiceSample
            {
                Board = "pod-38/b95452",
                PowerMw = new int[] { 28296, 52736400, 65480431, 107482963, 165938348, 195706266 },
                HashGhs = new int[] { 0, 16671620, 34730043, 39598076, 50713286, 89579156 },
                LadderId = 2043188958U,
                Hull = new int[] { 0, 2, 5 },
                CostMjPerTh = new int[] { 1885, 2375 },
                Limit = new int[] { 2375, 1886, 0, 1, 0, 1 },
                Share = new uint[] { 4294967295U, 4294967295U, 2223570869U, 4294967295U, 3996143162U, 3201190055U },
                Salt = new uint[] { 0U, 0U, 977619186U, 0U, 3500014188U, 0U },
                Rank = new uint[] { 3201190054U, 3201190054U, 2223570868U, 3201190054U, 3996143162U, 3201190054U },
                Point = new int[] { 5, 2, 0, 0, 0, 0 },
                CapW = new int[] { 0, 1, 96, 787074 },
                CapPoint = new int[] { 0, 0, 0, 5 },
            },
        };

        /// <summary>Key, topic and message of signed orders.</summary>
        internal static readonly string[][] Envelopes =
        {
            new string[]
            {
                "f4dcf2d90e17155cd52bbccfabda4e409b369b0994ae28ff6ea364cdb9dcfe82",
                "ballast/v1/site-6/pod-9/dispatch",
                "{\"kid\":3,\"epoch\":1763808225,\"seq\":4395,\"orderId\":5,\"class\":\"economic\",\"leaseS\":60,\"sent\":1764190857518"
                    + ",\"limitMjPerTh\":1996703904,\"share\":4002250473,\"salt\":1367797298,\"rampS\":15,\"spreadS\":30,\"failSpreadS\":10"
                    + ",\"mac\":\"34060eb2591ebd7f2c8e121ef0bcdc9b1c1aa90c3c0caaafb6373be764f88ff9\"}",
            },
            new string[]
            {
                "e8616ce4e2862a8f2d3c3b062d532c2282825cff83ac8f2efee472cb6abc86e8",
                "ballast/v1/site-6/pod-6/dispatch",
                "{\"kid\":2,\"epoch\":1763807303,\"seq\":2641,\"orderId\":97,\"class\":\"reliability\",\"leaseS\":60,\"sent\":1764567887427"
                    + ",\"limitMjPerTh\":1981726674,\"share\":2812821216,\"salt\":2277860467,\"rampS\":15,\"spreadS\":30,\"failSpreadS\":10"
                    + ",\"mac\":\"a2e81aeb98e6647d6f757dd2e79426b08df26f9f8446efd3e922e4624dd1e581\"}",
            },
            new string[]
            {
                "3f7d47ec7f8083d4cb5aa9e274e6e7765991b9eb8eb9747ca838f053d0b3d52a",
                "ballast/v1/site-5/pod-8/dispatch",
                "{\"kid\":2,\"epoch\":1763804969,\"seq\":8262,\"orderId\":72,\"class\":\"emergency\",\"leaseS\":60,\"sent\":1764344770103"
                    + ",\"limitMjPerTh\":1746636632,\"share\":1339361182,\"salt\":3139319916,\"rampS\":15,\"spreadS\":30,\"failSpreadS\":10"
                    + ",\"mac\":\"076b710b7c41510ae8ce50b8bb4e0878ed60279226a56d4a381479ff941d451a\"}",
            },
        };

        /// <summary>Boards, a cap and the order that keeps it.</summary>
        internal static readonly InversionSample[] Inversions =
        {
            new InversionSample
            {
                Salt = 1022050301U,
                CapMw = 78912,
                Unreachable = false,
                Limit = 26068,
                Share = 2315253452U,
                TotalMw = 76713,
                Boards = new string[] { "p1/b0", "p1/b1" },
                PowerMw = new int[][]
                {
                    new int[] { 25554, 26603, 27304, 27812, 35557, 41907, 48901, 56185, 62173 },
                    new int[] { 25554, 26603, 27304, 27812, 35557, 41907, 48901, 56185, 62173 },
                },
                HashGhs = new int[][]
                {
                    new int[] { 0, 344, 426, 581, 719, 1024, 1390, 1593, 1662 },
                    new int[] { 0, 344, 426, 581, 719, 1024, 1390, 1593, 1662 },
                },
            },
            new InversionSample
            {
                Salt = 537837169U,
                CapMw = 20757,
                Unreachable = false,
                Limit = 23564,
                Share = 2799466584U,
                TotalMw = 19333,
                Boards = new string[] { "p1/b0" },
                PowerMw = new int[][]
                {
                    new int[] { 17540, 18782, 19333, 27312, 34649 },
                },
                HashGhs = new int[][]
                {
                    new int[] { 0, 343, 534, 798, 1184 },
                },
            },
            new InversionSample
            {
                Salt = 1808819083U,
                CapMw = 81178,
                Unreachable = true,
                Limit = 0,
                Share = 0U,
                TotalMw = 89398,
                Boards = new string[] { "p1/b0", "p1/b1", "p1/b2", "p1/b3", "p1/b4" },
                PowerMw = new int[][]
                {
                    new int[] { 8154, 16075, 21712, 28437, 28766 },
                    new int[] { 39648 },
                    new int[] { 8154, 16075, 21712, 28437, 28766 },
                    new int[] { 8154, 16075, 21712, 28437, 28766 },
                    new int[] { 25288, 31965, 35772, 36241, 38913, 44260, 45965, 49424, 53799 },
                },
                HashGhs = new int[][]
                {
                    new int[] { 0, 328, 374, 409, 487 },
                    new int[] { 0 },
                    new int[] { 0, 328, 374, 409, 487 },
                    new int[] { 0, 328, 374, 409, 487 },
                    new int[] { 0, 274, 574, 747, 891, 1249, 1527, 1893, 2218 },
                },
            },
        };
    }

    /// <summary>One ladder with its hull, and what orders and power caps choose on it. Arrays of one vector go together.</summary>
    internal sealed class ChoiceSample
    {
        internal string Board = "";
        internal int[] PowerMw = null!;
        internal int[] HashGhs = null!;
        internal uint LadderId;
        internal int[] Hull = null!;
        internal int[] CostMjPerTh = null!;
        internal int[] Limit = null!;
        internal uint[] Share = null!;
        internal uint[] Salt = null!;
        internal uint[] Rank = null!;
        internal int[] Point = null!;
        internal int[] CapW = null!;
        internal int[] CapPoint = null!;
    }

    /// <summary>Boards, a cap and its answer.</summary>
    internal sealed class InversionSample
    {
        internal uint Salt;
        internal long CapMw;
        internal bool Unreachable;
        internal int Limit;
        internal uint Share;
        internal long TotalMw;
        internal string[] Boards = null!;
        internal int[][] PowerMw = null!;
        internal int[][] HashGhs = null!;
    }
}

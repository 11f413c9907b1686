using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>A job as a mainnet pool sent it (19 June 2025), to header, midstate and hash. The expected values were computed elsewhere.</summary>
    internal static class JobChecks
    {
        private const string Notify =
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"875b4b7\",\"6b6455fd6db962c101f2d4fc0d67f4a3bc96391d000"
            + "152960000000000000000\",\"02000000010000000000000000000000000000000000000000000000000000000000000000ff"
            + "ffffff170330c30d5075626c69632d506f6f6c\",\"ffffffff02e5b5c61200000000220020984a77c289084ff2d434c316bda"
            + "da021c6c183d507c8a20d3b159b09ac02fe280000000000000000266a24aa21a9edb98ee50410ed4abd48401ed484fc87440"
            + "9d086a3faf0816136a8ad6168314c5800000000\",[\"21af451ddb51e887ff1feb5592b87290098565035eb8500031aedcc77"
            + "6d4e72a\",\"c5af269519c809a9546d5a58ca6445d3dbb80cb7045448ecc48309af034da8f8\",\"fb9f8f9959f6bb0ceb63fa5"
            + "3aed1d5a615c6b6d3f50a468ea89a45a1234bda74\",\"a4f4fee8e5fc19ca8d93e67b9236c37ddb864982010434745c0abfe9"
            + "b914980c\",\"33092206642744fbe5499c3e621cd5c6b52733e54fbebd869f070082b807f740\",\"3b857e32c5cff4864efab9"
            + "67b9a456ca03b2167ab96bd9076ce294c8a67a7fe2\",\"881a07cd881d0c3e590b4b090ea8d58e1439dc56c63686f7de23c47"
            + "045441e30\",\"315e4dbcc8e7b1c9d594a73978268791880dddb2c26eec8e75768668dad99d80\",\"69952b77c632be16b1ac7"
            + "ac7048f13d4e962b2e215d79a343f01e6e281d7c304\",\"fc63eb4392c4d6c6d689788875fca35143fdcd4f4a82e8698e0e44"
            + "1751a70b4a\",\"09e419bbe20aa3a7640f1b91f50599ceddff899e90d3f18951ad5418c4850a6b\",\"004978aa346b4f1880bc"
            + "adb3ca3792d771ee6aeca427f61e74baba44b75cfb88\"],\"20000000\",\"17023a04\",\"685468d7\",false]}";

        private const string Extranonce1 = "4128064f";
        private const string Extranonce2 = "01000000";
        private const string MerkleRoot = "f0b92827f1996d77d1914527c671f1e50d37ce8fc344eba9e895b608cfca1f47";
        private const string Midstate = "6d614668c9e8f411dff84b7c4c025191cbcf5768a4033c950a9ab188d32206fd";

        private const string Header =
            "00000020fd55646bc162b96dfcd4f201a3f4670d1d3996bc965201000000000000000000f0b92827f1996d77d1914527c671f1e5"
            + "0d37ce8fc344eba9e895b608cfca1f47d7685468043a021700000000";

        // As block explorers write it, most significant byte first.
        private const string Hash = "37f375b3441dfe7e5e8cc7f35e2ae46053238d69750e24cd1566b951c5da2805";

        internal static void Run(Report report)
        {
            byte[] text = Ascii.Bytes(Notify);
            byte[] extranonce1 = Bytes.FromHex(Extranonce1);
            JsonTokens json = new JsonTokens();
            PoolJob job = new PoolJob();
            bool read = json.Parse(text, 0, text.Length)
                && StratumNotify.TryRead(json, json.Member(0, Ascii.Bytes("params")), extranonce1, extranonce1.Length, 4, job);
            report.Check("recorded job is read", read && job.BranchCount == 12);
            if (!read)
                return;

            MerkleBuilder builder = new MerkleBuilder();
            builder.SetJob(job);
            byte[] extranonce2 = new byte[PoolJob.MaxExtranonce];
            byte[] counter = Bytes.FromHex(Extranonce2);
            for (int i = 0; i < counter.Length; i++)
                extranonce2[i] = counter[i];
            builder.Begin(extranonce2);
            while (builder.Busy)
                builder.Step(1);
            report.Check("its merkle root", Bytes.IsHex(builder.Root, MerkleRoot));

            byte[] header = new byte[HeaderHash.Length];
            HeaderHash.Write(header, job.Version, job.PreviousHash, builder.Root, job.NTime, job.NBits);
            report.Check("its header", Bytes.IsHex(header, Header));

            uint[] midstate = new uint[Sha256.StateWords];
            HeaderHash.Midstate(header, midstate, 0);
            report.Check("its midstate", IsWords(midstate, Midstate, 0, 1));

            uint[] number = new uint[8];
            new HeaderHash().Hash(header, number);
            report.Check("its hash as a number", IsWords(number, Hash, 7, -1));
        }

        // Words in text, most significant byte of a word first; the first word of the text is at `first`, the next `step` further.
        private static bool IsWords(uint[] words, string hex, int first, int step)
        {
            byte[] expected = Bytes.FromHex(hex);
            for (int i = 0; i < words.Length; i++)
            {
                uint word = ((uint)expected[4 * i] << 24) | ((uint)expected[4 * i + 1] << 16) | ((uint)expected[4 * i + 2] << 8) | expected[4 * i + 3];
                if (words[first + step * i] != word)
                    return false;
            }

            return true;
        }
    }
}

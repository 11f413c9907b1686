namespace Ballast.Hw.Bus
{
    /// <summary>SHA-256 as the chip models need it: the PC passes the platform's, the interpreter the firmware's own.</summary>
    public interface IDigest
    {
        /// <summary>Writes SHA-256(SHA-256(data)) as 32 bytes, in the order in which SHA-256 emits them.</summary>
        void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset);
    }
}

namespace Ballast.Wire
{
    /// <summary>The one order or action that a message for one board carries.</summary>
    public enum SetKind
    {
        /// <summary>None: such a message is refused.</summary>
        None = 0,

        /// <summary>A power cap, W, with a class.</summary>
        PowerW,

        /// <summary>Ends the power cap and clears this stream's latch; has a class, not emergency.</summary>
        Release,

        /// <summary>Admits a boot nonce.</summary>
        Admit,

        /// <summary>Blinks.</summary>
        Identify,

        /// <summary>Restarts chain (1) or controller (2).</summary>
        Restart,

        /// <summary>Releases a fault latch; only on an operator's request.</summary>
        ClearFault,

        /// <summary>Locks out (1) or ends it (0, only on an operator's request).</summary>
        Lockout,

        /// <summary>Sets a pool.</summary>
        Pool,

        /// <summary>Accepts the offered ladder.</summary>
        LadderId,

        /// <summary>Sets the level of the log.</summary>
        LogLevel,

        /// <summary>Installs a key.</summary>
        InstallKey,

        /// <summary>Drops a key; never the last.</summary>
        DropKid,
    }

    /// <summary>
    /// An order or action for one board: contract section 4. Its owner reuses it; after a refused parse its fields mean nothing. The class
    /// belongs to <see cref="SetKind.PowerW"/> and <see cref="SetKind.Release"/> only.
    /// </summary>
    public sealed class SetMessage : SignedMessage
    {
        /// <summary>Highest power cap, W.</summary>
        public const int MaxPowerW = 1000000;

        /// <summary>Highest slot of a key.</summary>
        public const int MaxKeySlot = 1;

        /// <summary>Highest slot of a pool.</summary>
        public const int MaxPoolSlot = 3;

        /// <summary>Highest level of the log.</summary>
        public const int MaxLogLevel = 5;

        /// <summary>Bytes of a key.</summary>
        public const int KeySize = 32;

        /// <summary>What the message asks for.</summary>
        public SetKind Kind;

        /// <summary>Cap of <see cref="SetKind.PowerW"/>, W, 0…10^6.</summary>
        public int PowerW;

        /// <summary>Nonce of <see cref="SetKind.Admit"/>.</summary>
        public uint BootNonce;

        /// <summary>Lowest dispatch seq of <see cref="SetKind.Admit"/>.</summary>
        public uint AfterSeq;

        /// <summary>
        /// Restart 1…2, lock-out 0…1, ladder id, log level 0…5, key id to drop 0…255, slot of a pool 0…3, slot of a key 0…1.
        /// </summary>
        public uint Value;

        /// <summary>Id of the key to install, 0…255.</summary>
        public int NewKid;

        /// <summary>The key to install, enciphered as sent: <see cref="KeyCipher"/> turns it into the key and back.</summary>
        public readonly byte[] NewKey = new byte[KeySize];

        /// <summary>Buffer that the three strings of <see cref="SetKind.Pool"/> lie in: the message parsed, or the caller's own for writing.</summary>
        public byte[]? Text;

        /// <summary>First byte of the pool's address in <see cref="Text"/>.</summary>
        public int UrlOff;

        /// <summary>Length of the pool's address, bytes.</summary>
        public int UrlLength;

        /// <summary>First byte of the pool's user in <see cref="Text"/>.</summary>
        public int UserOff;

        /// <summary>Length of the pool's user, bytes.</summary>
        public int UserLength;

        /// <summary>First byte of the pool's password in <see cref="Text"/>.</summary>
        public int PassOff;

        /// <summary>Length of the pool's password, bytes.</summary>
        public int PassLength;
    }
}

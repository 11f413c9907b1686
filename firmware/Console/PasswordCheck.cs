using System.Text;
using Ballast.Wire;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// Compares passwords in constant time, and makes guessing slow: after three wrong ones in a row nobody is let in for a minute, then two,
    /// then four, up to an hour, whoever tries. A right one starts that over; so does a restart, which nobody can ask for from outside.
    /// </summary>
    public sealed class PasswordCheck
    {
        /// <summary>Shortest password.</summary>
        public const int MinLength = 12;

        /// <summary>Wrong passwords in a row before the first wait.</summary>
        public const int Attempts = 3;

        /// <summary>First wait, ms.</summary>
        public const int FirstWaitMs = 60000;

        /// <summary>Longest wait, ms.</summary>
        public const int MaxWaitMs = 3600000;

        private const int HashBytes = 32;

        private readonly byte[] _wanted = new byte[HashBytes];
        private readonly byte[] _given = new byte[HashBytes];
        private int _wrong;
        private int _waitMs = FirstWaitMs;
        private long _untilMs;

        /// <summary>For a password, which is kept as its hash only.</summary>
        public PasswordCheck(string password)
        {
            Hash(password, _wanted);
        }

        /// <summary>Wrong passwords since the start.</summary>
        public int Refused { get; private set; }

        /// <summary>Why a password is not taken, or null.</summary>
        public static string? Problem(string password)
        {
            if (password.Length < MinLength)
            {
                return "a console password has at least 12 characters";
            }

            for (int i = 0; i < password.Length; i++)
            {
                if (password[i] < ' ' || password[i] > '~')
                {
                    return "a console password has ASCII characters only";
                }
            }

            return null;
        }

        /// <summary>How long nobody is let in from now on, ms; 0 if a try is free.</summary>
        public long WaitMs(long nowMs) => nowMs < _untilMs ? _untilMs - nowMs : 0;

        /// <summary>True for the right password. While a wait lasts even that is refused.</summary>
        public bool Try(string password, long nowMs)
        {
            if (WaitMs(nowMs) > 0)
            {
                Refused++;
                return false;
            }

            // Hashes have one length, and every byte of them is looked at: the time tells nothing.
            Hash(password, _given);
            int different = 0;
            for (int i = 0; i < HashBytes; i++)
            {
                different |= _given[i] ^ _wanted[i];
            }

            if (different == 0)
            {
                _wrong = 0;
                _waitMs = FirstWaitMs;
                return true;
            }

            Refused++;
            _wrong++;
            if (_wrong >= Attempts)
            {
                _wrong = 0;
                _untilMs = nowMs + _waitMs;
                _waitMs = _waitMs < MaxWaitMs / 2 ? _waitMs * 2 : MaxWaitMs;
            }

            return false;
        }

        private static void Hash(string password, byte[] into)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(password);
            Sha256.Hash(bytes, 0, bytes.Length, into, 0);
            System.Array.Clear(bytes, 0, bytes.Length);
        }
    }
}

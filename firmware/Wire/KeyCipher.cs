namespace Ballast.Wire
{
    /// <summary>
    /// Hides a new key on its way to a board: contract section 4. key ⊕ HMAC-SHA256(board key, "key" ‖ 0x00 ‖ topic ‖ 0x00 ‖ epoch ‖ "."
    /// ‖ seq), epoch and seq in decimal. Each (epoch, seq) is used once, so each pad is.
    /// </summary>
    public static class KeyCipher
    {
        private static readonly byte[] Prefix = { (byte)'k', (byte)'e', (byte)'y', 0 };

        /// <summary>Enciphers or deciphers 32 bytes in place; both are the same step.</summary>
        /// <param name="boardMac">HMAC with the board's own key, the one of the message's kid.</param>
        /// <param name="topic">Topic of the message, UTF-8.</param>
        /// <param name="topicLength">Its length, bytes.</param>
        /// <param name="epoch">Epoch of the message.</param>
        /// <param name="seq">Seq of the message.</param>
        /// <param name="key">The 32 bytes.</param>
        /// <param name="keyOff">Index of the first.</param>
        public static void Apply(HmacSha256 boardMac, byte[] topic, int topicLength, uint epoch, uint seq, byte[] key, int keyOff)
        {
            byte[] pad = boardMac.Computed;
            boardMac.Begin();
            boardMac.Update(Prefix, 0, Prefix.Length);
            boardMac.Update(topic, 0, topicLength);
            boardMac.Update(Prefix, 3, 1);
            int start = Decimal(epoch, pad, 32);
            boardMac.Update(pad, start, 32 - start);
            pad[31] = (byte)'.';
            boardMac.Update(pad, 31, 1);
            start = Decimal(seq, pad, 32);
            boardMac.Update(pad, start, 32 - start);
            boardMac.End(pad, 0);
            for (int i = 0; i < HmacSha256.MacSize; i++)
                key[keyOff + i] ^= pad[i];
        }

        // Writes the digits so that they end before `end`; returns where they start.
        private static int Decimal(uint value, byte[] into, int end)
        {
            do
            {
                into[--end] = (byte)('0' + (int)(value % 10));
                value /= 10;
            }
            while (value != 0);
            return end;
        }
    }
}

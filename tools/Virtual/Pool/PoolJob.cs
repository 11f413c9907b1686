using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ballast.Virtual.Pool;

/// <summary>One job as <c>mining.notify</c> carries it. Byte order is the protocol's: see <see cref="ShareCheck"/>.</summary>
/// <param name="Id">Job id, opaque to miners.</param>
/// <param name="PrevHash">Previous block hash as sent: each group of four bytes reversed against the header.</param>
/// <param name="Coinb1">Coinbase transaction before the extranonces.</param>
/// <param name="Coinb2">Coinbase transaction after the extranonces.</param>
/// <param name="Branches">Merkle branches in header order.</param>
/// <param name="Version">Block version.</param>
/// <param name="NBits">Network target, compact form.</param>
/// <param name="NTime">Block time, s.</param>
/// <param name="Clean">True if miners must drop all earlier jobs.</param>
public sealed record PoolJob(string Id, byte[] PrevHash, byte[] Coinb1, byte[] Coinb2, byte[][] Branches, uint Version, uint NBits, uint NTime, bool Clean)
{
    /// <summary>A job as the pool would send it later: time moves on and transactions change.</summary>
    /// <param name="number">Counts derived jobs; the same number gives the same branches.</param>
    /// <param name="elapsedS">Seconds since this job, added to its time.</param>
    /// <param name="block">Counts blocks found since; 0 keeps the previous block of this job.</param>
    /// <param name="clean">True if earlier jobs must be dropped.</param>
    public PoolJob Derive(int number, uint elapsedS, int block, bool clean)
    {
        byte[][] branches = [.. Branches.Select((b, i) => SHA256.HashData([.. b, .. Encoding.ASCII.GetBytes(Invariant($"branch {number} {i}"))]))];
        return this with
        {
            Id = Invariant($"{Id}-{number:x}"),
            PrevHash = block > 0 ? BlockHash(block) : PrevHash,
            Branches = branches,
            NTime = NTime + elapsedS,
            Clean = clean,
        };
    }

    /// <summary>The <c>mining.notify</c> line, without the line end.</summary>
    public string ToNotify()
    {
        var text = new StringBuilder(2048);
        text.Append("{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"").Append(Id).Append("\",\"")
            .Append(Convert.ToHexStringLower(PrevHash)).Append("\",\"")
            .Append(Convert.ToHexStringLower(Coinb1)).Append("\",\"")
            .Append(Convert.ToHexStringLower(Coinb2)).Append("\",[");
        for (int i = 0; i < Branches.Length; i++)
            text.Append(i == 0 ? "\"" : ",\"").Append(Convert.ToHexStringLower(Branches[i])).Append('"');
        text.Append(CultureInfo.InvariantCulture, $"],\"{Version:x8}\",\"{NBits:x8}\",\"{NTime:x8}\",{(Clean ? "true" : "false")}]}}");
        return text.ToString();
    }

    // A block hash is small as a number: its high bytes, the last ones on this wire, are zero.
    private byte[] BlockHash(int block)
    {
        byte[] counter = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(counter, block);
        byte[] next = SHA256.HashData([.. PrevHash, .. counter]);
        next.AsSpan(24).Clear();
        return next;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using Ballast.Firmware.Grid;

namespace Ballast.Firmware.Tests.Grid;

/// <summary>A record as it would be stored, for comparisons.</summary>
public sealed class RecordBytes
{
    public RecordBytes(BoardRecord record)
    {
        var bytes = new ByteRecord(BoardRecord.MaxBytes);
        record.Write(bytes);
        Hex = Convert.ToHexString(bytes.Data, 0, bytes.Position);
    }

    public string Hex { get; }
}

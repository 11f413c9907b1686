using Ballast.NanoGate.Lint;
using Mono.Cecil;

namespace Ballast.NanoGate;

/// <summary>What the firmware takes on the device's flash. Prints the table; the budget in the design is 160 KiB for what a board runs.</summary>
public sealed class PeSizeTests
{
    private const int Kibi = 1024;

    /// <summary>Deployment partition of a flash of 8 MB or more, less the libraries as the converter makes them: beyond it nothing can be deployed.</summary>
    private const int PartitionKiB = 2944 - 183;

    [Fact]
    public void Firmware_fits_the_deployment_partition()
    {
        int total = 0;
        foreach (string project in NanoPaths.RoomProjects)
        {
            using ModuleDefinition module = NanoPaths.Read(NanoPaths.RoomAssembly(project));
            int size = PeSize.Of(module);
            bool onBoard = module.Assembly.Name.Name is not ("Ballast.Sim" or "Ballast.SelfCheck");
            total += onBoard ? size : 0;
            Print($"{module.Assembly.Name.Name,-20} {size,7} bytes{(onBoard ? "" : "  (not on a board)")}");
        }

        Print($"{"together",-20} {total,7} bytes = {total / (double)Kibi:F1} KiB, budget 160 KiB: {(total <= 160 * Kibi ? "inside" : "OVER")}");
        Assert.InRange(total, 1, PartitionKiB * Kibi);
    }

    [Fact]
    public void Estimate_counts_every_part()
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.Violations);
        int before = PeSize.Of(module);
        var type = new TypeDefinition("Planted", "ATypeOfTwentyFourLetters", TypeAttributes.Public, module.TypeSystem.Object);
        type.Fields.Add(new FieldDefinition("field8x8", FieldAttributes.Public, module.TypeSystem.Int32));
        module.Types.Add(type);

        // 24 bytes of type, 8 of field, two names with their ends; tables begin at multiples of four.
        Assert.InRange(PeSize.Of(module) - before, 24 + 8 + 25 + 9, 24 + 8 + 25 + 9 + 6);
    }

    private static void Print(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}

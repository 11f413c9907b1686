using Ballast.Hw.Boards;

namespace Ballast.Device.Tests;

/// <summary>Every board with a file has pins, and the first act after reset fits all of them.</summary>
public sealed class BoardPinTests
{
    /// <summary>Every board with a file.</summary>
    public static TheoryData<string> Models => [.. BoardCatalog.Models()];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_board_has_pins_that_no_two_lines_share(string model)
    {
        BoardPins pins = BoardPinTable.Find(model)!;
        Assert.Equal(BoardPins.None, pins.Shared());
        Assert.True(pins.Sda != BoardPins.None && pins.Scl != BoardPins.None && pins.Button != BoardPins.None);
        Assert.True((pins.AsicTx != BoardPins.None && pins.AsicRx != BoardPins.None) || (pins.SpiMosi != BoardPins.None && pins.SpiMiso != BoardPins.None && pins.SpiClock != BoardPins.None));
        Assert.True(pins.ConsoleTx != BoardPins.None && pins.ConsoleRx != BoardPins.None);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void S01_the_first_act_finds_the_reset_line_and_harms_no_other(string model)
    {
        BoardPins pins = BoardPinTable.Find(model)!;
        Assert.Equal(SafeState.ResetGpio, pins.Reset);
        Assert.False(pins.Takes(SafeState.SdaGpio) || pins.Takes(SafeState.SclGpio));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void S01_every_regulator_can_be_switched_off(string model)
    {
        BoardPins pins = BoardPinTable.Find(model)!;
        bool ordered = false;
        for (int i = 0; i < SafeState.Orders.Length; i += SafeState.OrderLength)
        {
            ordered |= SafeState.Orders[i] == pins.PmBusAddress && SafeState.Orders[i + 1] == 1 && SafeState.Orders[i + 2] == 0;
        }

        Assert.True(ordered || pins.Enable != BoardPins.None);
        Assert.Equal(pins.PmBusAddress != 0, ordered);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void No_board_uses_pins_of_usb_flash_or_the_strap_that_is_tied_to_supply(string model)
    {
        BoardPins pins = BoardPinTable.Find(model)!;
        foreach (int gpio in new[] { 3, 19, 20, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37 })
        {
            Assert.False(pins.Takes(gpio));
        }
    }

    internal static BoardDescription[] Descriptions() =>
    [
        BitaxeMax.Describe(0), BitaxeUltra.Describe(0), BitaxeSupra.Describe(0), BitaxeGamma.Describe(0), BitaxeGammaDuo.Describe(0), BitaxeHex.Describe(0),
        NerdQAxePlusPlus.Describe(0), A1Eight.Describe(0),
    ];

    [Fact]
    public void An_unknown_board_has_no_pins()
    {
        Assert.Null(BoardPinTable.Find("bitaxe"));
        Assert.Null(BoardPinTable.Find("custom"));
    }
}

using System.Diagnostics;
using System.Globalization;
using Ballast.Host.Dispatch;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>The curve of 30,000 boards. The memory is the process's, so no other test runs meanwhile.</summary>
[Collection("alone")]
public sealed class CurveScaleTests
{
    [Fact]
    public void Thirty_thousand_boards_fit_in_2_KiB_each_and_a_new_cap_is_one_solve()
    {
        const int Boards = 30_000;
        long before = GC.GetTotalMemory(true);
        DispatchContext context = CurveTests.Fleet(new Random(1), 15, Boards);
        context.Curve.Invalidate();
        context.Curve.Refresh(0);
        long perBoard = (GC.GetTotalMemory(true) - before) / Boards;
        Assert.True(context.Fleet.BadMessages == 0 && context.Curve.Boards == Boards);
        Assert.True(perBoard <= 2048, perBoard + " bytes a board");

        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 1; i <= 100; i++)
        {
            context.Curve.Solve(context.Fleet.Pods.ToList(), context.Curve.FullMw * i / 101, out long asked);
            Assert.True(asked <= context.Curve.FullMw * i / 101);
        }

        double solveMs = watch.Elapsed.TotalMilliseconds / 100;
        watch.Restart();
        for (int i = 0; i < 100; i++)
        {
            context.Curve.Invalidate(context.Fleet.Boards[i * 7].Pod);
            Assert.True(context.Curve.Refresh(0));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(perBoard + " bytes a board, " + solveMs.ToString("0.000", CultureInfo.InvariantCulture) + " ms a solve, " + (watch.Elapsed.TotalMilliseconds / 100).ToString("0.000", CultureInfo.InvariantCulture) + " ms after a change of membership");
    }
}

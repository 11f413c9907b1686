using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests;

/// <summary>Planted scenarios: the oracle stays silent where all is well and speaks where it must.</summary>
public class SiteOracleTests
{
    private const int Half = 13_000;

    [Fact]
    public void Obedient_site_through_a_whole_story_gives_no_finding()
    {
        OracleScene scene = OracleScene.Running();
        scene.Oracle.OnCap(scene.NowMs, 20_000, GridClass.Economic);
        scene.Order(20_000, orderId: 2);
        scene.PowerAll(18_000, 10_000);
        scene.Run(10_000);
        scene.PowerAll(10_000, 10_000);
        scene.Run(10_000);
        scene.Oracle.OnCap(scene.NowMs, 0, GridClass.Emergency);
        scene.Order(0, "emergency", orderId: 3);
        scene.PowerAll(1_500, 1_000);
        scene.Run(10_000);
        scene.Oracle.OnCap(scene.NowMs, null, GridClass.Economic);
        scene.Order(OracleScene.Everything, orderId: 4);
        scene.PowerAll(18_000, 18_000);
        scene.Run(20_000);
        Assert.Empty(scene.Oracle.Findings);
        Assert.True(scene.Oracle.SamplesUnderCap > 10);
        Assert.Equal(2, scene.Oracle.BoardsUnderCommand);
    }

    // A cap of 20 W, which all boards obey and the meter does not show.
    private static OracleScene Over(string name, long meterMw)
    {
        OracleScene scene = OracleScene.Running();
        Assert.True(GridClasses.TryParse(name, out GridClass gridClass));
        scene.Oracle.OnCap(scene.NowMs, 20_000, gridClass);
        scene.Order(20_000, name, orderId: 2);
        scene.PowerAll(10_000, 10_000);
        scene.MeterMw = meterMw;
        return scene;
    }

    private static void Found(OracleScene scene, int silentMs, int foundMs)
    {
        scene.Run(silentMs);
        Assert.Empty(scene.Oracle.Findings);
        scene.Run(foundMs);
        Assert.Equal(["S16"], scene.Rules);
    }

    [Theory]
    [InlineData("economic", 19_000)]
    [InlineData("reliability", 5_000)]
    [InlineData("emergency", 1_000)]
    public void S16_power_above_the_cap_is_found_after_the_settling_time_of_its_class_and_not_before(string name, int settleMs)
    {
        OracleScene scene = Over(name, 30_000);
        Found(scene, settleMs, 1_000);
        Assert.Contains("30.0 W", scene.Oracle.Findings[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void S16_later_orders_do_not_extend_the_deadline()
    {
        OracleScene scene = Over("economic", 30_000);
        scene.Run(15_000);
        scene.Order(19_000, orderId: 3);
        Found(scene, 4_000, 1_000);
    }

    [Fact]
    public void S16_cap_that_the_host_never_orders_is_due_one_second_later_all_the_same()
    {
        OracleScene scene = OracleScene.Running();
        scene.Oracle.OnCap(scene.NowMs, 5_000, GridClass.Emergency);
        Found(scene, 2_000, 1_000);
    }

    [Fact]
    public void S16_stall_of_the_machine_moves_the_deadline_by_its_length()
    {
        OracleScene scene = Over("reliability", 30_000);
        scene.Run(2_000);
        scene.Oracle.OnStall(scene.NowMs, 1_500);
        Found(scene, 4_000, 1_000);
        Assert.Equal(1_500, scene.Oracle.Stalls.LongestMs);
    }

    [Fact]
    public void S16_two_percent_and_the_meter_class_are_allowed()
    {
        OracleScene scene = Over("emergency", 20_600);
        scene.Run(5_000);
        Assert.Empty(scene.Oracle.Findings);
        scene.MeterMw = 20_610;
        Found(scene, 0, 1_000);
    }

    [Fact]
    public void Board_that_acknowledges_and_keeps_drawing_is_found_by_its_true_power()
    {
        OracleScene scene = OracleScene.Running();
        scene.Oracle.OnCap(scene.NowMs, 28_000, GridClass.Economic);
        scene.Order(Half, orderId: 2);
        scene.Power(0, 10_000, 10_000);
        scene.Power(1, 18_000, 10_000);
        scene.Run(21_000);
        Assert.Contains(scene.Oracle.Findings, f => f.Rule == "effective" && f.Where == "p1/b2");
        Assert.DoesNotContain(scene.Oracle.Findings, f => f.Where == "p1/b1");
    }

    [Fact]
    public void Dropped_dispatch_is_found_when_its_class_has_settled()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage order = scene.Publish(scene.Dispatch(20_000, "reliability", 2))!;
        scene.Take(0, order);
        scene.Power(0, 10_000, 10_000);
        scene.Run(5_000);
        Assert.Empty(scene.Oracle.Findings);
        scene.Run(400);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal("applied", found.Rule);
        Assert.Equal("p1/b2", found.Where);
    }

    [Fact]
    public void S12_effective_point_above_the_choice_by_the_last_order_is_found()
    {
        OracleScene scene = OracleScene.Running();
        scene.Order(0, orderId: 2);
        scene.Run(200);
        Assert.Equal(["S12", "S12"], scene.Rules);
    }

    [Fact]
    public void Emergency_rise_without_a_new_order_is_found_and_with_one_is_not()
    {
        OracleScene scene = OracleScene.Running();
        scene.Order(0, "emergency", orderId: 2);
        scene.PowerAll(1_000, 1_000);
        scene.Run(3_000);
        scene.Power(0, 9_000, 1_000);
        scene.Run(200);
        Assert.Contains("emergency", scene.Rules);

        OracleScene released = OracleScene.Running();
        released.Order(0, "emergency", orderId: 2);
        released.PowerAll(1_000, 1_000);
        released.Run(3_000);
        released.Order(OracleScene.Everything, orderId: 3);
        released.PowerAll(18_000, 18_000);
        released.Run(3_000);
        Assert.Empty(released.Oracle.Findings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fans_that_spin_up_to_cool_a_board_that_just_fell_are_no_rise(bool emergency)
    {
        OracleScene scene = OracleScene.Running(new OracleOptions { CoolingMw = 300 });
        if (emergency)
            scene.Order(0, "emergency", orderId: 2);
        else
            scene.Boards[0] = scene.Boards[0] with { Admitted = false };
        scene.PowerAll(400, 1_000);
        scene.Run(3_000);
        scene.PowerAll(1_200, 1_000);
        scene.Run(3_000);
        Assert.Empty(scene.Oracle.Findings);
        scene.Power(0, 1_400, 1_000);
        scene.Run(200);
        Assert.Contains(emergency ? "emergency" : "S15", scene.Rules);
    }

    [Fact]
    public void S15_rise_without_admission_is_found()
    {
        var scene = new OracleScene();
        scene.Run(1_000);
        scene.Order(OracleScene.Everything);
        scene.Power(1, 9_000, 9_000);
        scene.Run(1_000);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal("S15", found.Rule);
        Assert.Equal("p1/b2", found.Where);
    }

    [Fact]
    public void S10_admission_that_nobody_signed_is_found()
    {
        var scene = new OracleScene();
        scene.Run(1_000);
        scene.Order(OracleScene.Everything);
        scene.Publish(scene.Admit("b1", 76), topic: "ballast/v1/s/p1/b1/set");
        scene.Boards[0] = scene.Boards[0] with { Admitted = true, SetPair = 1 };
        scene.Run(2_000);
        Assert.Empty(scene.Oracle.Findings);
        scene.Run(1_000);
        Assert.Equal(["S10"], scene.Rules);
    }

    [Fact]
    public void S10_admission_heard_by_the_board_first_or_while_the_oracle_was_away_is_no_finding()
    {
        var scene = new OracleScene();
        scene.Run(1_000);
        scene.Order(OracleScene.Everything);
        scene.Boards[0] = scene.Boards[0] with { Admitted = true, SetPair = 1 };
        scene.Run(1_000);
        scene.Publish(scene.Admit("b1", 77), topic: "ballast/v1/s/p1/b1/set");
        scene.Oracle.OnConnectionLost();
        scene.Boards[1] = scene.Boards[1] with { Admitted = true, SetPair = 1 };
        scene.Run(400);
        scene.Oracle.OnConnected(scene.NowMs);
        scene.Run(5_000);
        Assert.Empty(scene.Oracle.Findings);
    }

    [Fact]
    public void S09_lease_outlived_is_found()
    {
        OracleScene scene = OracleScene.Running();
        scene.Order(OracleScene.Everything, orderId: 2, leaseS: 5);
        scene.Run(16_000);
        Assert.Empty(scene.Oracle.Findings);
        scene.Run(1_000);
        Assert.Equal(["S09", "S09"], scene.Rules);
    }

    [Fact]
    public void Boards_that_take_no_order_within_ten_seconds_of_the_brokers_return_are_found()
    {
        OracleScene scene = OracleScene.Running();
        scene.Oracle.OnBrokerBack(scene.NowMs);
        scene.Run(5_000);
        scene.Take(0, scene.Publish(scene.Dispatch(OracleScene.Everything))!);
        scene.Run(6_000);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal(("under command", "p1/b2"), (found.Rule, found.Where));
    }
}

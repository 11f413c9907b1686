using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests;

/// <summary>S14: what boards must leave, and what the oracle says when one does not.</summary>
public class RejectedMessageTests
{
    [Fact]
    public void Genuine_replayed_stale_and_forged_messages_are_told_apart()
    {
        OracleScene scene = OracleScene.Running();
        string genuine = scene.Dispatch(20_000, orderId: 2);
        Assert.Equal(Judgement.Genuine, scene.Publish(genuine)!.Judgement);
        Assert.Equal(Judgement.Replayed, scene.Publish(genuine)!.Judgement);
        Assert.Equal(Judgement.Stale, scene.Publish(scene.Dispatch(20_000, sentAgoMs: 70_000))!.Judgement);
        Assert.Equal(Judgement.Genuine, scene.Publish(scene.Dispatch(20_000, sentAgoMs: 50_000))!.Judgement);
        Assert.Equal(Judgement.Forged, scene.Publish(scene.Dispatch(20_000), retained: true)!.Judgement);
        Assert.Equal(Judgement.Forged, scene.Publish(scene.Dispatch(20_000).Replace("20000", "20001", StringComparison.Ordinal))!.Judgement);
        Assert.Equal(Judgement.Forged, scene.Publish(scene.Dispatch(20_000), topic: "ballast/v1/s/p2/dispatch")!.Judgement);
        Assert.Equal(Judgement.Forged, scene.Publish("{\"kid\":1}")!.Judgement);
        Assert.Equal(Judgement.Forged, scene.Publish(new string('x', 1_025))!.Judgement);
        Assert.Null(scene.Publish("{}", topic: "ballast/v1/s/p1/b1/state"));
    }

    [Fact]
    public void Rejected_messages_that_only_count_give_no_finding()
    {
        OracleScene scene = OracleScene.Running();
        scene.Publish(scene.Dispatch(20_000, orderId: 9, seq: 1));
        scene.Boards[0] = scene.Boards[0] with { Rejects = 1 };
        scene.Run(2_000);
        Assert.Empty(scene.Oracle.Findings);
        Assert.Equal(1, scene.Oracle.MessagesToLeave);
    }

    public static TheoryData<string> Changes => ["order", "lease", "admission", "down", "up"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_that_comes_with_a_rejected_message_is_found(string what)
    {
        OracleScene scene = OracleScene.Running();
        if (what == "admission")
            scene.Boards[0] = scene.Boards[0] with { Admitted = false, PowerMw = 1_000, EffectiveMw = 1_000 };
        else if (what == "up")
            scene.Power(0, 10_000, 10_000);
        scene.Run(1_000);
        BoardProbe rejected = scene.Boards[0] with { Rejects = 1 };
        scene.Boards[0] = what switch
        {
            "order" => rejected with { OrderId = 9 },
            "lease" => rejected with { LeaseEndMs = rejected.LeaseEndMs + 1 },
            "admission" => rejected with { Admitted = true },
            "down" => rejected with { EffectiveMw = 1_000, PowerMw = 1_000 },
            _ => rejected with { EffectiveMw = 18_000 },
        };
        scene.Run(200);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal(("S14", "p1/b1"), (found.Rule, found.Where));
    }

    [Fact]
    public void Board_that_takes_a_stale_queued_order_is_found()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage stale = scene.Publish(scene.Dispatch(OracleScene.Everything, orderId: 2, sentAgoMs: 90_000))!;
        scene.Take(1, stale);
        scene.Run(200);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal(("S14", "p1/b2"), (found.Rule, found.Where));
        Assert.Contains("stale", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Board_that_takes_a_replayed_order_is_found_by_its_high_water()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage first = scene.Order(20_000, orderId: 2);
        scene.PowerAll(10_000, 10_000);
        scene.Run(1_000);
        scene.Order(0, orderId: 3);
        scene.PowerAll(1_000, 1_000);
        scene.Run(1_000);
        scene.Take(0, first);
        scene.Run(200);
        Assert.Contains(scene.Oracle.Findings, f => f.Rule == "S14" && f.Text.Contains("high-water fell", StringComparison.Ordinal));
    }
}

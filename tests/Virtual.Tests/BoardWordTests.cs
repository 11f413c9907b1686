using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests;

/// <summary>What boards say is checked too: an acknowledgement is a promise, and a forged message gets no answer.</summary>
public class BoardWordTests
{
    [Fact]
    public void Acknowledgement_of_an_order_that_was_taken_is_fine()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage order = scene.Order(OracleScene.Everything, orderId: 2);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", order.Pair, applied: true);
        scene.Run(3_000);
        Assert.Empty(scene.Oracle.Findings);
        Assert.Equal(1, scene.Oracle.Acknowledgements);
    }

    [Fact]
    public void Acknowledgement_of_an_order_that_was_not_taken_is_found()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage order = scene.Publish(scene.Dispatch(OracleScene.Everything, orderId: 2))!;
        scene.Take(0, order);
        scene.Oracle.OnAck(scene.NowMs, "p1/b2", order.Pair, applied: true);
        scene.Run(1_400);
        Finding found = Assert.Single(scene.Oracle.Findings);
        Assert.Equal(("ack", "p1/b2"), (found.Rule, found.Where));
    }

    [Fact]
    public void S14_answer_to_a_forged_message_is_found_and_to_a_replayed_one_is_not()
    {
        OracleScene scene = OracleScene.Running();
        string genuine = scene.Dispatch(OracleScene.Everything, orderId: 2);
        string forged = scene.Dispatch(OracleScene.Everything, orderId: 3).Replace("\"orderId\":3", "\"orderId\":4", StringComparison.Ordinal);
        SeenMessage bad = scene.Publish(forged)!;
        Assert.Equal(Judgement.Forged, bad.Judgement);
        SeenMessage last = scene.Order(OracleScene.Everything, orderId: 5);
        SeenMessage late = scene.Publish(genuine)!;
        Assert.Equal(Judgement.Replayed, late.Judgement);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", late.Pair, applied: false);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", last.Pair, applied: true);
        Assert.Empty(scene.Oracle.Findings);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", bad.Pair, applied: false);
        Assert.Equal(["S14"], scene.Rules);
    }

    [Fact]
    public void S14_answer_to_a_message_nobody_heard_is_found_unless_the_oracle_was_away_itself()
    {
        OracleScene scene = OracleScene.Running();
        SeenMessage before = scene.Order(OracleScene.Everything, orderId: 2);
        scene.Oracle.OnConnectionLost();
        scene.Dispatch(OracleScene.Everything);
        SeenMessage after = scene.Order(OracleScene.Everything, orderId: 2);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", before.Pair + 1, applied: false);
        Assert.Empty(scene.Oracle.Findings);
        scene.Dispatch(OracleScene.Everything);
        scene.Order(OracleScene.Everything, orderId: 2);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", after.Pair + 1, applied: false);
        Assert.Equal(["S14"], scene.Rules);
    }

    [Fact]
    public void Genuine_order_stands_although_a_forged_one_used_its_numbers_first()
    {
        OracleScene scene = OracleScene.Running();
        string genuine = scene.Dispatch(OracleScene.Everything, orderId: 2);
        scene.Publish(genuine.Replace("\"orderId\":2", "\"orderId\":9", StringComparison.Ordinal));
        SeenMessage order = scene.Publish(genuine)!;
        Assert.Equal(Judgement.Genuine, order.Judgement);
        scene.Take(0, order);
        scene.Take(1, order);
        scene.Oracle.OnAck(scene.NowMs, "p1/b1", order.Pair, applied: true);
        scene.Run(2_000);
        Assert.Empty(scene.Oracle.Findings);
    }

    [Fact]
    public void S10_state_that_claims_an_admission_nobody_signed_is_found()
    {
        OracleScene scene = OracleScene.Running();
        scene.Oracle.OnState(scene.NowMs, "p1/b1", admitted: true, bootNonce: 77);
        scene.Oracle.OnState(scene.NowMs, "p1/b2", admitted: false, bootNonce: 78);
        Assert.Empty(scene.Oracle.Findings);
        scene.Oracle.OnState(scene.NowMs, "p1/b2", admitted: true, bootNonce: 78);
        Assert.Equal(["S10"], scene.Rules);
    }
}

using Ballast.Firmware.Power;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>A controller that restarted itself says so to its host, and one that did not says nothing.</summary>
public class RestartReportTests
{
    [Fact]
    public void S08_birth_and_an_event_tell_why_the_controller_restarted()
    {
        var b = new Bench(change: s =>
        {
            s.LastRestart = "no tick of the control loop";
            s.LastRestartRule = SafetyRule.S08;
        });
        b.Run(1);
        Assert.Equal("no tick of the control loop", (string?)b.Link.Last("/birth")!["restart"]);
        Assert.Equal(SafetyRule.S08, b.Agent.Power.Events.Recent(0)!.Rule);
        Assert.Equal("no tick of the control loop", b.Agent.Power.Events.Recent(0)!.Text);
    }

    [Fact]
    public void Without_a_restart_of_its_own_neither_does()
    {
        var b = new Bench();
        b.Run(1);
        Assert.Null(b.Link.Last("/birth")!["restart"]);
        Assert.Null(b.Agent.Power.Events.Recent(0));
    }
}

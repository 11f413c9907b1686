using System.Security.Claims;
using System.Text.Encodings.Web;
using Ballast.Host.Limits;
using Ballast.Host.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ballast.Host.Access;

/// <summary>Tells ASP.NET Core who asks, and answers those who may not.</summary>
internal sealed class AccessHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessDesk desk, RefusalTrail refusals)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "ballast";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        Identity who = desk.Who(Request);
        Context.Features.Set(who);
        if (who.Caller.Rights == Rights.None)
        {
            return Task.FromResult(who.Refused is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(who.Refused));
        }

        ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, who.Caller.Name), new Claim(ClaimTypes.Role, who.Caller.Role)], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        => Unknown(Context, Context.Features.Get<Identity>()).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!HttpMethods.IsGet(Request.Method))
        {
            refusals.Note(Context, StatusCodes.Status403Forbidden);
        }

        Identity? who = Context.Features.Get<Identity>();
        Rights needed = AccessSetup.NeededBy(Context);

        // Whoever reads from elsewhere without a key is nobody yet, so a change is a question of who, not of what.
        return (who is null or { Caller.Role: "" } ? Unknown(Context, who) : Api.Problem(403, "Forbidden", "", WhoMayWhat.Refusal(who.Caller, needed, "")?.Sentence ?? "Your key may not do this."))
            .ExecuteAsync(Context);
    }

    /// <summary>Answer to somebody whom the host does not know.</summary>
    internal static IResult Unknown(HttpContext context, Identity? who)
    {
        if (who?.WaitS is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Api.Problem(429, "Too many wrong keys", "", who.Refused!);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"ballast\"";
        return Api.Problem(401, "Unauthorized", "", who?.Refused
            ?? (who?.Caller.Rights == Rights.Read ? WhoMayWhat.Refusal(who.Caller, Rights.Lower, "")!.Sentence
            : "This host asks for an API key: send Authorization: Bearer bk_…, or log in on the page."));
    }
}

using Ballast.Host.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Ballast.Host.Access;

/// <summary>Right that an endpoint needs before it looks at the request.</summary>
/// <param name="Right">The right.</param>
/// <param name="OrHere">True: callers on this machine need none.</param>
internal sealed record NeedsRight(Rights Right, bool OrHere = false) : IAuthorizationRequirement;

/// <summary>Puts the door into the web server: authentication by <see cref="AccessHandler"/>, authorization by the right that each endpoint names.</summary>
internal static class AccessSetup
{
    internal static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AccessDesk>();
        builder.Services.AddHostedService<AccessService>();
        builder.Services.AddAuthentication(AccessHandler.Name).AddScheme<AuthenticationSchemeOptions, AccessHandler>(AccessHandler.Name, null);
        builder.Services.AddSingleton<IAuthorizationHandler, RightHandler>();
        builder.Services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new UndeclaredRight()).Build());
    }

    internal static void Use(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Says which right an operation needs; whoever has it not gets 401 or 403 before the body is read.</summary>
    internal static RouteHandlerBuilder Needs(this RouteHandlerBuilder builder, Rights right)
        => Needs(builder, new NeedsRight(right));

    /// <summary>The same, but callers on this machine need no key.</summary>
    internal static RouteHandlerBuilder NeedsUnlessHere(this RouteHandlerBuilder builder, Rights right)
        => Needs(builder, new NeedsRight(right, OrHere: true));

    /// <summary>Says that everybody may ask: health, the page's files, logging in.</summary>
    internal static TBuilder Open<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.AllowAnonymous();

    /// <summary>Right that the endpoint of a request names; of one that names none, what the host asks for.</summary>
    internal static Rights NeededBy(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<NeedsRight>()?.Right ?? UndeclaredRight.Of(context);

    private static RouteHandlerBuilder Needs(RouteHandlerBuilder builder, NeedsRight right)
        => builder.RequireAuthorization(policy => policy.AddRequirements(right)).WithMetadata(right).ProducesProblem(401);

    // An endpoint that names no right is none of the interface's: files may be fetched, changes are for admins.
    private sealed class UndeclaredRight : IAuthorizationRequirement
    {
        internal static Rights Of(HttpContext context)
            => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? Rights.Read : Rights.Admin;

        internal static bool IsOpen(HttpContext context)
            => (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);
    }

    private sealed class RightHandler(AccessDesk desk) : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            if (context.Resource is HttpContext http)
            {
                Caller caller = http.Features.Get<Identity>()?.Caller ?? WhoMayWhat.Nobody;
                foreach (IAuthorizationRequirement requirement in context.PendingRequirements.ToList())
                {
                    if (requirement switch
                    {
                        NeedsRight needs => caller.May(needs.Right) || (needs.OrHere && desk.IsHere(http)),
                        UndeclaredRight => UndeclaredRight.IsOpen(http) || caller.May(UndeclaredRight.Of(http)),
                        _ => false,
                    })
                    {
                        context.Succeed(requirement);
                    }
                }
            }

            return Task.CompletedTask;
        }
    }
}

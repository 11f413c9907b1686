using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ballast.Host.Access;

/// <summary>Says in the OpenAPI document how to show who you are, and which right each operation needs (`x-ballast-right`, `open` for none).</summary>
internal static class AccessDocument
{
    internal const string RightName = "x-ballast-right";

    private const string Scheme = "apiKey";

    internal static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key of this host, bk_…, made with ballast apikey create. Not needed on the host's own machine while no key was ever made.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            NeedsRight? needs = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsRight>().LastOrDefault();
            bool open = context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any();
            string? right = open ? "open" : needs?.Right.ToString().ToLowerInvariant();
            if (right is not null)
            {
                operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
                operation.Extensions[RightName] = new JsonNodeExtension(JsonValue.Create(right));
            }

            if (needs is not null && context.Document is { } document)
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            }

            return Task.CompletedTask;
        });
    }
}

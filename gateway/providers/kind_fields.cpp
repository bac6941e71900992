// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/kind_fields.h"

#include "gateway/providers/provider_table.h"

#include <array>
#include <vector>

namespace gateway::providers {

namespace {

using config::CredentialSource;
using config::CredentialWay;
using config::KindField;
using config::KindFields;
using Form = KindField::Form;

constexpr std::string_view keyTitle = "API key";
constexpr std::string_view keyHint = "The provider shows it once, when it is made.";

// --- kinds whose key is all that they need

constexpr std::array keyFields {KindField {.name = "api_key", .title = keyTitle, .hint = keyHint, .secret = true, .required = true}};
constexpr std::array keyWays {CredentialWay {.title = keyTitle, .hint = keyHint, .fields = keyFields}};

constexpr std::array optionalKeyFields {
    KindField {.name = "api_key", .title = keyTitle, .hint = "Leave it out where the server asks for none.", .secret = true}};
constexpr std::array optionalKeyWays {CredentialWay {.title = keyTitle, .hint = "Sent where one is given.", .fields = optionalKeyFields}};

constexpr std::array<std::string_view, 1> anthropicKeys {"sk-ant-"};
constexpr std::array anthropicFields {
    KindField {.name = "api_key", .title = keyTitle, .hint = "From the Anthropic console, under API keys.", .example = "sk-ant-api03-…", .secret = true, .required = true,
               .beginnings = anthropicKeys}};
constexpr std::array anthropicWays {CredentialWay {.title = keyTitle, .hint = keyHint, .fields = anthropicFields}};

constexpr std::array<std::string_view, 1> geminiKeys {"AIza"};
constexpr std::array geminiFields {
    KindField {.name = "api_key", .title = keyTitle, .hint = "From Google AI Studio; Google Cloud projects are the kind vertex.", .example = "AIza…", .secret = true,
               .required = true, .beginnings = geminiKeys}};
constexpr std::array geminiWays {CredentialWay {.title = keyTitle, .hint = keyHint, .fields = geminiFields}};

// --- azure

constexpr std::array azureProvider {
    KindField {.name = "base_url", .title = "Base URL", .hint = "The resource's endpoint, as the Azure portal shows it under Keys and Endpoint.",
               .example = "https://my-resource.openai.azure.com", .required = true},
    KindField {.name = "api_version", .title = "API version", .hint = "For the API with deployments in its paths; leave it out for the v1 API, which has no versions.",
               .example = "2024-10-21"},
    KindField {.name = "deployments", .title = "Deployments", .hint = "Which deployment answers for a model; one without a row goes to the deployment of its own name.",
               .example = "gpt-4o", .form = Form::Pairs},
};
constexpr std::array azureKey {
    KindField {.name = "api_key", .title = keyTitle, .hint = "One of the resource's two, under Keys and Endpoint in the Azure portal.", .secret = true, .required = true}};
constexpr std::array azureEntra {
    KindField {.name = "tenant_id", .title = "Tenant ID", .hint = "Of the directory that the application is registered in; outside of the public cloud with its address: https://login.microsoftonline.us/ and the ID.",
               .example = "00000000-0000-0000-0000-000000000000", .required = true},
    KindField {.name = "client_id", .title = "Client ID", .hint = "The application's own id, on its overview page in the Entra admin centre.",
               .example = "00000000-0000-0000-0000-000000000000", .required = true},
    KindField {.name = "client_secret", .title = "Client secret", .hint = "Its value, not its id; Entra shows it once, when it is made.", .secret = true, .required = true},
};
constexpr std::array azureWays {
    CredentialWay {.title = keyTitle, .hint = "Sent as it is with every call.", .fields = azureKey},
    CredentialWay {.title = "Entra ID", .hint = "An application that has the role Cognitive Services OpenAI User on the resource.", .fields = azureEntra},
};

// --- vertex

constexpr std::array vertexProvider {
    KindField {.name = "project", .title = "Project", .hint = "The id of the Google Cloud project that pays.", .example = "my-project-123", .required = true},
    KindField {.name = "location", .title = "Location", .hint = "Where the models run.", .example = "europe-west1", .required = true},
    KindField {.name = "base_url", .title = "Base URL", .hint = "Only for a private endpoint.", .example = "https://{location}-aiplatform.googleapis.com"},
};
constexpr std::array vertexAccount {
    KindField {.name = "service_account", .title = "Service account", .hint = "The JSON file of a key, from the Google Cloud console under Service accounts, Keys.", .secret = true,
               .required = true, .form = Form::Document}};
constexpr std::array vertexWays {
    CredentialWay {.title = "Service account", .hint = "It needs the role Vertex AI User in the project.", .fields = vertexAccount},
    CredentialWay {.title = "Metadata server", .hint = "The service account of the Google machine or pod that this gateway runs on; nothing is stored.", .fields = {},
                   .source = CredentialSource::Metadata},
};

// --- bedrock

constexpr std::array bedrockProvider {
    KindField {.name = "region", .title = "Region", .hint = "Where the models run; access to them is given a region.", .example = "us-east-1", .required = true},
    KindField {.name = "base_url", .title = "Base URL", .hint = "Only for a private endpoint.", .example = "https://bedrock-runtime.{region}.amazonaws.com"},
};
constexpr std::array<std::string_view, 2> accessKeys {"AKIA", "ASIA"};
constexpr std::array<std::string_view, 2> bedrockKeys {"ABSK", "bedrock-api-key-"};
constexpr std::array bedrockAccess {
    KindField {.name = "access_key_id", .title = "Access key ID", .hint = "Of an IAM user or role that may call bedrock:InvokeModel.", .example = "AKIA…", .secret = true,
               .required = true, .beginnings = accessKeys},
    KindField {.name = "secret_access_key", .title = "Secret access key", .hint = "AWS shows it once, when the access key is made.", .secret = true, .required = true},
    KindField {.name = "session_token", .title = "Session token", .hint = "Of temporary access keys alone, whose id begins with ASIA.", .secret = true},
};
constexpr std::array bedrockKey {
    KindField {.name = "api_key", .title = keyTitle, .hint = "A Bedrock API key, from the Bedrock console.", .example = "ABSK…", .secret = true, .required = true,
               .beginnings = bedrockKeys}};
constexpr std::array bedrockWays {
    CredentialWay {.title = "Access key", .hint = "Calls are signed with it.", .fields = bedrockAccess},
    CredentialWay {.title = keyTitle, .hint = "A Bedrock API key, sent as it is.", .fields = bedrockKey},
    CredentialWay {.title = "Environment", .hint = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the gateway's own environment; nothing is stored.",
                   .fields = {}, .source = CredentialSource::Environment},
};

constexpr std::array ownRows {
    KindFields {.kind = "azure", .provider = azureProvider, .ways = azureWays},
    KindFields {.kind = "anthropic", .ways = anthropicWays},
    KindFields {.kind = "gemini", .ways = geminiWays},
    KindFields {.kind = "vertex", .provider = vertexProvider, .ways = vertexWays},
    KindFields {.kind = "bedrock", .provider = bedrockProvider, .ways = bedrockWays},
    KindFields {.kind = "cohere", .ways = keyWays},
};

std::vector<KindFields> allRows()
{
    std::vector<KindFields> rows(ownRows.begin(), ownRows.end());
    for (const ProviderKind &kind : providerKinds()) {
        if (config::findKindFields(ownRows, kind.name) == nullptr)
            rows.push_back(KindFields {.kind = kind.name, .ways = kind.auth == Auth::OptionalBearer ? std::span<const CredentialWay>(optionalKeyWays) : keyWays});
    }
    return rows;
}

} // namespace

std::span<const config::KindFields> kindFields()
{
    static const std::vector<KindFields> rows = allRows();
    return rows;
}

const config::KindFields *findKindFields(std::string_view kind)
{
    return config::findKindFields(kindFields(), kind);
}

} // namespace gateway::providers

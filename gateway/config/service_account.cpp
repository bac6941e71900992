// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/service_account.h"

#include "gateway/config/document.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::string_view googleTokenUri = "https://oauth2.googleapis.com/token";
constexpr std::string_view whatToDo = "Make a JSON key in the Google Cloud console, under IAM and admin, Service accounts, Keys";

std::string member(const Node &json, std::string_view name)
{
    const Node *value = json.find(name);
    return value != nullptr && value->kind == Node::Kind::Scalar && value->quoted ? value->text : std::string();
}

/// What the type says where it is not that of a service account's key; empty: it is.
std::string otherType(const std::string &type)
{
    if (type == "service_account")
        return {};
    if (type == "authorized_user")
        return "is a person's own sign-in (authorized_user, as gcloud stores it), which ends with that person's session";
    if (type == "external_account")
        return "is a federated identity (external_account), which is not built yet in this version";
    if (type.empty())
        return "lacks the member `type`, so that it is no key of a service account";
    return "is of another type than service_account";
}

} // namespace

Result<ServiceAccount> readServiceAccount(std::string_view json)
{
    const auto parsed = parseJson(json);
    if (!parsed || parsed->kind != Node::Kind::Map)
        return fail(ErrorCode::Invalid, fmt::format("is not the JSON text of a service account's key. {}, and give the whole file", whatToDo));
    if (const std::string other = otherType(member(*parsed, "type")); !other.empty())
        return fail(ErrorCode::Invalid, fmt::format("{}. {}", other, whatToDo), "type");
    ServiceAccount account {.clientEmail = member(*parsed, "client_email"),
                            .projectId = member(*parsed, "project_id"),
                            .privateKeyId = member(*parsed, "private_key_id"),
                            .privateKey = member(*parsed, "private_key"),
                            .tokenUri = member(*parsed, "token_uri")};
    for (const auto &[name, value] : {std::pair("client_email", &account.clientEmail), std::pair("private_key", &account.privateKey)}) {
        if (value->empty())
            return fail(ErrorCode::Invalid, fmt::format("lacks the member `{}`. {}, and give the whole file", name, whatToDo), name);
    }
    if (!account.privateKey.starts_with("-----BEGIN "))
        return fail(ErrorCode::Invalid, fmt::format("has a `private_key` that is not in PEM form. {}, and give the whole file", whatToDo), "private_key");
    if (account.tokenUri.empty())
        account.tokenUri = googleTokenUri;
    if (!account.tokenUri.starts_with("https://") && !account.tokenUri.starts_with("http://"))
        return fail(ErrorCode::Invalid, fmt::format("has a `token_uri` that is no address. {}, and give the whole file", whatToDo), "token_uri");
    return account;
}

} // namespace gateway::config

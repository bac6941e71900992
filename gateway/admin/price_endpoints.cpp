// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/answers.h"
#include "gateway/admin/edit.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/find_entry.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/catalogue.h"
#include "gateway/config/config_json.h"
#include "gateway/config/names.h"
#include "gateway/core/text.h"

#include <QByteArray>

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

/// Prices: what calls of each provider's models cost, by the catalogue and by what the provider's `models` say over it.
namespace gateway::admin {

namespace {

using Json = nlohmann::ordered_json;
using Refused = std::unexpected<pipeline::AdminReply>;

constexpr int usualPage = 100;
constexpr int longestPage = 1000;

/// A model of a provider: "openai:gpt-4o". Providers' names have no colon, so that models' may.
struct Priced
{
    std::string provider, model;

    [[nodiscard]] std::string id() const { return provider + ':' + model; }
    static std::optional<Priced> parse(std::string_view id)
    {
        const std::size_t colon = id.find(':');
        if (colon == 0 || colon == std::string_view::npos || colon + 1 == id.size())
            return std::nullopt;
        return Priced {.provider = std::string(id.substr(0, colon)), .model = std::string(id.substr(colon + 1))};
    }
    auto operator<=>(const Priced &) const = default;
};

Error noSuchPrice(std::string_view id)
{
    return {.code = ErrorCode::NotFound, .message = fmt::format("There is no price {}; one is a provider's name, a colon and a model, such as openai:gpt-4o.", jsonQuoted(truncatedUtf8(id, 200)))};
}

template <typename Providers>
auto providerNamed(Providers &providers, std::string_view name)
{
    return std::ranges::find(providers, name, [](const config::Provider &provider) -> std::string_view { return provider.name; });
}

Json figures(const config::ModelSettings &model)
{
    Json json = Json::parse(config::toJson(model));
    json.erase("id");
    return json;
}

Json tierJson(const std::optional<Prices::Tier> &tier)
{
    if (!tier)
        return {};
    const config::ModelSettings prices {.inputPerMtok = tier->input, .outputPerMtok = tier->output, .cachedInputPerMtok = tier->cachedInput, .cacheWritePerMtok = tier->cacheWrite, .cacheWrite1hPerMtok = tier->cacheWrite1h};
    Json json {{"above_input_tokens", tier->above}};
    json.update(figures(prices));
    return json;
}

/// The configuration's own figures stand at the top, as they are sent back; what holds is below `effective`.
/// @return null: neither the catalogue nor the configuration knows the model
Json priceJson(const config::Provider &provider, const std::string &model, std::uint64_t revision)
{
    const auto own = std::ranges::find(provider.models, model, &config::ModelSettings::id);
    const bool overridden = own != provider.models.end();
    const config::ModelSettings said = overridden ? *own : config::ModelSettings {.id = model};
    const api::ModelPrice price = api::effectiveModel(provider.kind, said);
    if (!overridden && !price.priced && price.source.empty())
        return {};
    Json json {{"id", Priced {provider.name, model}.id()}, {"provider", provider.name}, {"model", model}};
    json.update(figures(said));
    json["overridden"] = overridden;
    json["effective"] = figures(price.effective);
    json["tier"] = tierJson(price.tier);
    json["priced"] = price.priced;
    json["source"] = price.source.empty() ? Json() : Json(price.source);
    json["source_date"] = price.sourceDate.empty() ? Json() : Json(price.sourceDate);
    json["origin"] = toText(provider.origin);
    json["revision"] = revision;
    return json;
}

struct Wanted
{
    std::string provider;
    bool overriddenAlone = false;
    std::optional<Priced> after;
};

Result<Wanted> readWanted(const Ask &ask, const config::Config &config)
{
    Wanted wanted {.provider = std::string(ask.asked("provider"))};
    if (!wanted.provider.empty() && providerNamed(config.providers, wanted.provider) == config.providers.end()) {
        Error error = noSuchEntry("provider", wanted.provider, config.providers);
        return fail(ErrorCode::BadRequest, std::move(error.message), "provider");
    }
    const auto overridden = truthOf(ask.asked("overridden"), "overridden");
    if (!overridden)
        return std::unexpected(overridden.error());
    wanted.overriddenAlone = *overridden;
    if (const std::string_view after = ask.asked("after"); !after.empty() && !(wanted.after = Priced::parse(after)))
        return fail(ErrorCode::BadRequest, "after is what a page gave as next.", "after");
    return wanted;
}

std::set<Priced> wantedPrices(const config::Config &config, const Wanted &wanted)
{
    std::set<Priced> prices;
    const auto add = [&](const config::Provider &provider, const std::string &model) {
        if (Priced price {provider.name, model}; !wanted.after || price > *wanted.after)
            prices.insert(std::move(price));
    };
    for (const config::Provider &provider : config.providers) {
        if (!wanted.provider.empty() && provider.name != wanted.provider)
            continue;
        for (const config::ModelSettings &model : provider.models)
            add(provider, model.id);
        for (const std::string &model : wanted.overriddenAlone ? std::vector<std::string>() : api::catalogueModels(provider.kind))
            add(provider, model);
    }
    return prices;
}

void listPrices(const Ask &ask, const Done &done)
{
    const auto limit = numberOf(ask.asked("limit"), "limit", usualPage, longestPage);
    if (!limit)
        return done(refusal(limit.error()));
    const std::uint64_t revision = ask.gateway.revision().number;
    const api::ConfigPtr now = ask.gateway.config();
    const auto wanted = readWanted(ask, *now);
    if (!wanted)
        return done(refusal(wanted.error()));
    const std::set<Priced> prices = wantedPrices(*now, *wanted);
    Json data = Json::array();
    Json next;
    for (const Priced &price : prices) {
        if (data.size() == static_cast<std::size_t>(*limit)) {
            next = data.back()["id"];
            break;
        }
        data.push_back(priceJson(*providerNamed(now->providers, price.provider), price.model, revision));
    }
    const bool more = !next.is_null();
    done(answer(Json {{"data", std::move(data)}, {"has_more", more}, {"next", std::move(next)}}));
}

void showPrice(api::Gateway &gateway, const std::string &id, int status, const Done &done)
{
    const std::uint64_t revision = gateway.revision().number;
    const api::ConfigPtr now = gateway.config();
    const auto price = Priced::parse(id);
    const auto provider = price ? providerNamed(now->providers, price->provider) : now->providers.end();
    const Json json = provider == now->providers.end() ? Json() : priceJson(*provider, price->model, revision);
    if (json.is_null())
        return done(refusal(noSuchPrice(id)));
    pipeline::AdminReply reply = answer(json, status);
    reply.headers = etagLine(revision);
    if (status == 201)
        reply.headers += fmt::format("location: /admin/v1/prices/{}\r\n", QByteArray::fromStdString(id).toPercentEncoding().toStdString());
    done(std::move(reply));
}

/// What a request says of a model, and of which where it says so.
struct SentPrice
{
    std::string provider, model; ///< empty: not said
    config::ModelSettings figures;
};

Result<SentPrice> readPrice(std::string_view body)
{
    auto object = readObject(body);
    if (!object)
        return std::unexpected(object.error());
    SentPrice sent;
    for (const auto &[field, to] : {std::pair("provider", &sent.provider), std::pair("model", &sent.model)}) {
        if (const auto found = object->find(field); found != object->end() && !found->is_string())
            return fail(ErrorCode::BadRequest, fmt::format("{} is a text.", field), field);
        *to = textOf(*object, field);
    }
    for (const char *own : {"id", "provider", "model", "overridden", "effective", "tier", "priced", "source", "source_date", "origin", "revision"}) // what a program sends back of what it got
        object->erase(own);
    if (object->empty())
        return fail(ErrorCode::BadRequest, "Say at least one of the fields of a provider's models, such as input_per_mtok and output_per_mtok.");
    auto figures = config::fromJson<config::ModelSettings>(object->dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!figures)
        return std::unexpected(figures.error());
    sent.figures = std::move(*figures);
    return sent;
}

/// The provider as an edit may change it; @return its index.
std::expected<std::size_t, pipeline::AdminReply> editableProvider(const config::Config &config, std::string_view name)
{
    const auto provider = providerNamed(config.providers, name);
    if (provider == config.providers.end())
        return Refused(refusal(noSuchEntry("provider", name, config.providers)));
    if (provider->origin == config::Origin::File)
        return Refused(refusal({.code = ErrorCode::Conflict, .message = fmt::format("The provider {} comes from the configuration file. Change its models there.", jsonQuoted(provider->name))}));
    return static_cast<std::size_t>(provider - config.providers.begin());
}

std::string placeOf(std::size_t provider, std::size_t model)
{
    return fmt::format("providers[{}].models[{}].", provider, model);
}

/// @param change  of the provider's models, where `place` is the model's, or their end; @return where it is now
using ChangeModels = std::function<std::expected<std::size_t, pipeline::AdminReply>(std::vector<config::ModelSettings> &models, std::vector<config::ModelSettings>::iterator place)>;

Edit editOf(const Priced &price, std::string_view what, ChangeModels change)
{
    Edit edit {.note = fmt::format("price {} {}", price.id(), what)};
    edit.change = [price, change = std::move(change)](config::Config &next) -> std::expected<std::string, pipeline::AdminReply> {
        const auto index = editableProvider(next, price.provider);
        if (!index)
            return Refused(index.error());
        std::vector<config::ModelSettings> &models = next.providers[*index].models;
        const auto place = change(models, std::ranges::find(models, price.model, &config::ModelSettings::id));
        return place ? std::expected<std::string, pipeline::AdminReply>(placeOf(*index, *place)) : Refused(place.error());
    };
    return edit;
}

void createPrice(Ask ask, Done done)
{
    auto sent = readPrice(ask.body);
    if (!sent)
        return done(refusal(sent.error()));
    if (sent->provider.empty() || sent->model.empty())
        return done(refusal({.code = ErrorCode::BadRequest, .message = "Say with provider and model of what the price is.", .where = sent->provider.empty() ? "provider" : "model"}));
    const Priced price {sent->provider, sent->model};
    sent->figures.id = price.model;
    Edit edit = editOf(price, "created", [price, figures = sent->figures](auto &models, auto place) -> std::expected<std::size_t, pipeline::AdminReply> {
        if (place != models.end())
            return Refused(refusal({.code = ErrorCode::Conflict, .message = fmt::format("There is a price of {} already; replace it.", jsonQuoted(price.id())), .where = "model"}));
        models.push_back(figures);
        return models.size() - 1;
    });
    edit.show = [id = price.id()](api::Gateway &gateway, QObject *, const Done &answered) { showPrice(gateway, id, 201, answered); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

void replacePrice(Ask ask, Done done)
{
    const auto revision = revisionRead(ask);
    if (!revision)
        return done(revision.error());
    auto sent = readPrice(ask.body);
    if (!sent)
        return done(refusal(sent.error()));
    const std::string id(ask.argument());
    const auto price = Priced::parse(id);
    if (!price)
        return done(refusal(noSuchPrice(id)));
    if ((!sent->provider.empty() && sent->provider != price->provider) || (!sent->model.empty() && sent->model != price->model))
        return done(refusal({.code = ErrorCode::BadRequest, .message = "The body names another model than the path does.", .where = sent->provider.empty() || sent->provider == price->provider ? "model" : "provider"}));
    sent->figures.id = price->model;
    Edit edit = editOf(*price, "changed", [figures = sent->figures](auto &models, auto place) -> std::expected<std::size_t, pipeline::AdminReply> {
        place = place == models.end() ? models.insert(place, figures) : place;
        *place = figures;
        return static_cast<std::size_t>(place - models.begin());
    });
    edit.onlyAt = *revision;
    edit.show = [id](api::Gateway &gateway, QObject *, const Done &answered) { showPrice(gateway, id, 200, answered); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

void removePrice(Ask ask, Done done)
{
    const auto revision = readIfMatch(ask.ifMatch);
    if (!revision)
        return done(refusal(revision.error()));
    const std::string id(ask.argument());
    const auto price = Priced::parse(id);
    if (!price)
        return done(refusal(noSuchPrice(id)));
    Edit edit = editOf(*price, "removed", [id](auto &models, auto place) -> std::expected<std::size_t, pipeline::AdminReply> {
        if (place == models.end())
            return Refused(refusal({.code = ErrorCode::NotFound, .message = fmt::format("The configuration says no price of {}: what the catalogue says cannot be removed.", jsonQuoted(truncatedUtf8(id, 200)))}));
        models.erase(place);
        return models.size();
    });
    edit.onlyAt = *revision;
    edit.show = [](api::Gateway &, QObject *, const Done &answered) { answered(nothing()); };
    makeEdit(std::move(ask), std::move(edit), std::move(done));
}

} // namespace

void addPriceEndpoints(std::vector<Endpoint> &table)
{
    const std::string all = "/admin/v1/prices";
    const std::string one = all + "/{id}";
    table.push_back({.method = "GET", .path = all, .least = Role::Analyst, .handler = listPrices,
                     .summary = "What calls of the providers' models are priced by, a page at a time: the catalogue's figures and the configuration's own over them; with overridden=true those that the configuration says alone.",
                     .query = {"provider", "overridden", "limit", "after"}, .answer = "price.page"});
    table.push_back({.method = "POST", .path = all, .handler = createPrice, .summary = "Says a model's figures over the catalogue's: an entry of the provider's models.", .body = "price", .answer = "price.answer", .status = 201});
    table.push_back({.method = "GET", .path = one, .least = Role::Analyst, .handler = [](const Ask &ask, const Done &done) { showPrice(ask.gateway, std::string(ask.argument()), 200, done); },
                     .summary = "One price, such as openai:gpt-4o; also of a model that no list has, where a rule of the catalogue finds it.", .answer = "price.answer"});
    table.push_back({.method = "PUT", .path = one, .handler = replacePrice, .summary = "Replaces, or says for the first time, a model's own figures. If-Match is the configuration's revision.", .body = "price", .answer = "price.answer", .ifMatch = IfMatch::Must});
    table.push_back({.method = "DELETE", .path = one, .handler = removePrice, .summary = "Takes a model's own figures away, so that the catalogue's hold.", .ifMatch = IfMatch::May, .status = 204});
}

} // namespace gateway::admin

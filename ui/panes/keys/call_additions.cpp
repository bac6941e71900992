// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/call_additions.h"

#include "gateway/config/document.h"
#include "ui/bridge/text.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/number_field.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <algorithm>
#include <expected>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::Entry;
using gateway::config::Node;

constexpr int textHeight = 46; // two lines
constexpr const char *maxTokens = "max_tokens";

void setUp(QPlainTextEdit *text, const QString &name, const QString &words, const QString &example)
{
    text->setObjectName(u"keys.form."_s + name);
    text->setAccessibleName(words);
    text->setPlaceholderText(example);
    text->setFixedHeight(textHeight);
    text->setTabChangesFocus(true);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
}

/// The entries of a map as the configuration file has one; none where nothing is written.
std::expected<Node, QString> readMap(const QString &text)
{
    if (text.trimmed().isEmpty())
        return Node::map();
    auto read = gateway::config::parseYaml(utf8(text), {});
    if (!read)
        return std::unexpected(CallAdditions::tr("Line %1: %2").arg(read.error().line).arg(qt(read.error().message)));
    if (read->kind != Node::Kind::Map)
        return std::unexpected(CallAdditions::tr("Write a name, a colon, a space and a value on each line."));
    return std::move(*read);
}

QString linesOf(const Node &map)
{
    return map.entries.empty() ? QString() : qt(gateway::config::yamlText(map)).trimmed();
}

} // namespace

CallAdditions::CallAdditions(const gateway::config::Config &config, QObject *parent)
    : QObject(parent), m_metadataText(new QPlainTextEdit), m_more(new QPlainTextEdit), m_route(new QComboBox), m_maxTokens(new widgets::CountField)
{
    setUp(m_metadataText, u"metadata"_s, tr("Metadata"), u"feature: autocomplete"_s);
    setUp(m_more, u"moreDefaults"_s, tr("Other defaults"), u"temperature: 0.2"_s);
    m_route->setObjectName(u"keys.form.defaultRoute"_s);
    m_route->setAccessibleName(tr("Default model"));
    m_route->setToolTip(tr("For calls that name no model."));
    m_route->setEditable(true);
    m_route->setInsertPolicy(QComboBox::NoInsert);
    for (const gateway::config::Route &route : config.routes) {
        if (!route.name.ends_with('*'))
            m_route->addItem(qt(route.name));
    }
    m_route->setCurrentText({});
    m_route->lineEdit()->setPlaceholderText(tr("no model"));
    m_maxTokens->setObjectName(u"keys.form.maxTokens"_s);
    m_maxTokens->setAccessibleName(tr("Default maximum of tokens"));
    m_maxTokens->setToolTip(tr("For calls that set no maximum for their answer."));
    m_maxTokens->setPlaceholderText(tr("max tokens"));
    connect(m_metadataText, &QPlainTextEdit::textChanged, this, &CallAdditions::readMetadata);
    connect(m_more, &QPlainTextEdit::textChanged, this, &CallAdditions::readMore);
    connect(m_maxTokens, &QLineEdit::textEdited, this, &CallAdditions::edited);
    connect(m_route, &QComboBox::currentTextChanged, this, [this] {
        widgets::setInvalid(m_route, {}); // the gateway had said so of what stood there before
        Q_EMIT edited();
    });
}

void CallAdditions::addTo(const std::function<void(const QString &, QWidget *, const QString &)> &add) const
{
    auto *both = new QWidget;
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(m_route, 1);
    layout->addWidget(m_maxTokens, 1);
    add(tr("Metadata"), m_metadataText, tr("Of all its calls, over what callers say: routes can decide by it."));
    add(tr("Defaults"), both, {});
    add({}, m_more, tr("Set where a caller does not say it."));
}

void CallAdditions::fill(const gateway::config::VirtualKey &key)
{
    Node metadata = Node::map();
    for (const auto &[name, value] : key.metadata)
        metadata.add(name, Node::string(value));
    m_metadataText->setPlainText(linesOf(metadata));
    m_metadata = key.metadata;
    m_route->setCurrentText(qt(key.defaults.route));
    Node parameters = key.defaults.parameters.empty() ? Node::map() : gateway::config::parseJson(key.defaults.parameters.text).value_or(Node::map());
    const auto most = std::ranges::find(parameters.entries, maxTokens, &Entry::key);
    if (most != parameters.entries.end()) {
        m_maxTokens->setValue(qt(most->value.text).toLongLong());
        parameters.entries.erase(most);
    }
    m_more->setPlainText(linesOf(parameters));
}

gateway::config::KeyDefaults CallAdditions::defaults() const
{
    Node all = Node::map();
    if (m_maxTokens->value())
        all.add(maxTokens, Node::plain(std::to_string(*m_maxTokens->value())));
    for (Entry &entry : (m_moreText.empty() ? Node::map() : gateway::config::parseJson(m_moreText.text).value_or(Node::map())).entries)
        all.add(entry.key, std::move(entry.value));
    return {.route = utf8(m_route->currentText().trimmed()), .parameters = {all.entries.empty() ? std::string() : gateway::config::jsonText(all)}};
}

void CallAdditions::readMetadata()
{
    const auto map = readMap(m_metadataText->toPlainText());
    const bool nested = map && std::ranges::any_of(map->entries, [](const Entry &entry) { return entry.value.kind != Node::Kind::Scalar; });
    widgets::setInvalid(m_metadataText, !map ? map.error() : nested ? tr("Each value is a text.") : QString());
    if (map && !nested) {
        m_metadata.clear();
        for (const Entry &entry : map->entries)
            m_metadata.emplace(entry.key, entry.value.text);
    }
    Q_EMIT edited();
}

void CallAdditions::readMore()
{
    const auto map = readMap(m_more->toPlainText());
    const auto has = [&](const char *name) { return map && map->find(name) != nullptr; };
    widgets::setInvalid(m_more, !map ? map.error() : has(maxTokens) || has("route") ? tr("The model and the maximum of tokens have fields of their own.") : QString());
    if (map && !widgets::isInvalid(m_more))
        m_moreText.text = map->entries.empty() ? std::string() : gateway::config::jsonText(*map);
    Q_EMIT edited();
}

QString CallAdditions::typedWrong() const
{
    for (const QWidget *field : std::initializer_list<const QWidget *> {m_metadataText, m_maxTokens, m_more}) {
        if (widgets::isInvalid(field))
            return tr("%1: %2").arg(field->accessibleName(), field->accessibleDescription());
    }
    return {};
}

QWidget *CallAdditions::fieldOf(const QString &field) const
{
    if (field.startsWith(u"metadata"_s))
        return m_metadataText;
    if (field.startsWith(u"defaults.route"_s))
        return m_route;
    if (field.startsWith(u"defaults.max_tokens"_s))
        return m_maxTokens;
    return field.startsWith(u"defaults"_s) ? m_more : nullptr;
}

} // namespace ui::keys

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/kind_rows.h"

#include "gateway/config/field_problem.h"
#include "gateway/config/members.h"
#include "ui/bridge/kinds.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/pair_rows.h"
#include "ui/widgets/theme.h"

#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::panes {

using namespace gateway::config;

namespace {

constexpr std::string_view baseUrl = "base_url";

const KindField ordinaryUrl {.name = baseUrl, .title = "Base URL", .hint = ""};

bool isBaseUrl(const KindField &field) { return field.name == baseUrl; }

/// Names, projects and the like are read letter by letter.
bool isMono(const KindField &field) { return isBaseUrl(field) || field.name == "project"; }

} // namespace

KindRows::KindRows(const QString &prefix, Show show, QWidget *parent) : QWidget(parent), m_prefix(prefix), m_show(show)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    rebuild();
}

void KindRows::setKind(const gateway::api::ProviderKindInfo *kind)
{
    const std::string name = kind ? kind->kind : std::string();
    if (name == m_kind)
        return;
    m_kind = name;
    m_fields = kind ? kind->fields : KindFields {};
    m_defaultUrl = kind ? kind->defaultBaseUrl : std::string();
    m_needsUrl = !kind || bridge::needsBaseUrl(*kind);
    rebuild();
}

void KindRows::rebuild()
{
    if (m_content) {
        m_content->setParent(nullptr); // found by no name any more; what tells of the change may be in it
        m_content->deleteLater();
    }
    m_lines.clear();
    m_pairs = nullptr;
    m_content = new QWidget;
    auto *grid = new QGridLayout(m_content);
    setUpPairs(grid);
    if (m_show != Show::All) {
        grid->setColumnMinimumWidth(0, dialogLabelWidth);
        grid->setColumnMinimumWidth(2, 0);
        grid->setColumnStretch(3, 0);
    }
    int row = 0, pair = 0;
    const auto add = [&](const KindField &field) {
        if (m_show == Show::Needed && !isNeeded(field))
            return;
        const bool whole = m_show != Show::All || isBaseUrl(field);
        if (whole && pair == 1) {
            ++row;
            pair = 0;
        }
        addLine(field, grid, row, pair, whole ? 3 : 1);
        pair = whole ? 0 : 1 - pair;
        row += pair == 0 ? 1 : 0;
    };
    if (std::ranges::none_of(m_fields.provider, isBaseUrl))
        add(ordinaryUrl);
    for (const KindField &field : m_fields.provider) {
        if (field.form == KindField::Form::Line) {
            add(field);
        } else if (m_show == Show::All) {
            m_pairs = new PairRows(u"%1.%2"_s.arg(m_prefix, bridge::qt(field.name)),
                                   {.add = tr("Add row"), .none = bridge::qt(field.hint), .remove = tr("Remove row"), .name = tr("Model"), .nameExample = bridge::qt(field.example),
                                    .value = tr("Deployment"), .valueExample = tr("the deployment's name"), .twice = tr("There is a row for this model above. Only that one counts.")});
            connect(m_pairs, &PairRows::edited, this, [this, name = bridge::qt(field.name)] { Q_EMIT edited(name); });
            addField(grid, ++row, 0, bridge::qt(field.title), m_pairs, 3);
        }
    }
    layout()->addWidget(m_content);
    showExamples();
}

void KindRows::addLine(const KindField &field, QGridLayout *grid, int row, int pair, int span)
{
    auto *edit = new QLineEdit;
    edit->setObjectName(u"%1.%2"_s.arg(m_prefix, isBaseUrl(field) ? u"url"_s : bridge::qt(field.name)));
    if (isMono(field))
        edit->setFont(widgets::monoFont(12));
    edit->setToolTip(bridge::qt(field.hint));
    edit->setAccessibleDescription(bridge::qt(field.hint));
    addField(grid, row, pair, bridge::qt(field.title), edit, span);
    m_lines << Line {field, edit};
    if (m_show != Show::All) // there the gateway's check marks it
        connect(edit, &QLineEdit::textChanged, this, [edit, name = field.name](const QString &text) {
            const auto why = fieldProblem(name, bridge::utf8(text.trimmed()));
            widgets::setInvalid(edit, why ? bridge::qt(*why) : QString());
        });
    connect(edit, &QLineEdit::textEdited, this, [this, name = bridge::qt(field.name)] {
        showExamples();
        Q_EMIT edited(name);
    });
}

/// "https://bedrock-runtime.{region}.amazonaws.com" with the region that is typed.
void KindRows::showExamples()
{
    for (const Line &line : std::as_const(m_lines)) {
        QString example = bridge::qt(line.field.example);
        for (const Line &other : std::as_const(m_lines)) {
            const QString text = other.edit->text().trimmed();
            example.replace(u"{%1}"_s.arg(bridge::qt(other.field.name)), text.isEmpty() ? bridge::qt(other.field.example) : text);
        }
        if (isBaseUrl(line.field) && !m_defaultUrl.empty())
            example = bridge::qt(m_defaultUrl);
        else if (isBaseUrl(line.field) && m_needsUrl)
            example = example.isEmpty() ? tr("needed, like https://host.example/v1") : tr("needed, like %1").arg(example);
        else if (!isBaseUrl(line.field) && !line.field.required)
            example = tr("none, or like %1").arg(example);
        line.edit->setPlaceholderText(example);
    }
}

void KindRows::show(const Provider &provider, bool editable)
{
    for (const Line &line : std::as_const(m_lines)) {
        const QString text = bridge::qt(provider.*findProviderMember(line.field.name)->text);
        if (line.edit->text() != text)
            line.edit->setText(text);
        line.edit->setReadOnly(!editable);
    }
    if (m_pairs) {
        m_pairs->setPairs(provider.deployments);
        m_pairs->setEditable(editable);
    }
    showExamples();
}

Provider KindRows::values() const
{
    Provider provider;
    for (const Line &line : m_lines)
        provider.*findProviderMember(line.field.name)->text = bridge::utf8(line.edit->text().trimmed());
    if (m_pairs)
        provider.deployments = m_pairs->pairs();
    return provider;
}

QString KindRows::titleOf(const QString &field) const
{
    const auto named = std::ranges::find(m_fields.provider, bridge::utf8(field), &KindField::name);
    return bridge::qt(named == m_fields.provider.end() ? ordinaryUrl.title : named->title);
}

void KindRows::put(std::string_view field, const QString &value)
{
    for (const Line &line : std::as_const(m_lines))
        if (line.field.name == field && line.edit->text().trimmed().isEmpty())
            line.edit->setText(value);
    showExamples();
}

bool KindRows::isNeeded(const KindField &field) const { return isBaseUrl(field) ? m_needsUrl : field.required; }

QString KindRows::missing() const
{
    for (const Line &line : m_lines) {
        if (isNeeded(line.field) && line.edit->text().trimmed().isEmpty())
            return bridge::qt(line.field.title);
    }
    return {};
}

QString KindRows::problem() const
{
    for (const Line &line : m_lines)
        if (const auto why = fieldProblem(line.field.name, bridge::utf8(line.edit->text().trimmed())))
            return bridge::qt(*why);
    return {};
}

void KindRows::showProblems(const QHash<QString, QString> &problems)
{
    for (const Line &line : std::as_const(m_lines))
        markField(line.edit, problems.value(bridge::qt(line.field.name)));
    if (m_pairs)
        m_pairs->showProblems(problems, u"deployments"_s);
}

void KindRows::forgetProblems()
{
    for (const Line &line : std::as_const(m_lines))
        widgets::setInvalid(line.edit, {});
}

} // namespace ui::panes

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/connection_form.h"

#include "gateway/config/members.h"
#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/kind_rows.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace panes;
using namespace widgets;

namespace {

void copyKindFields(const Provider &from, Provider &to)
{
    to.baseUrl = from.baseUrl;
    for (const ProviderMember &member : providerMembers())
        to.*member.text = from.*member.text;
    to.deployments = from.deployments;
}

/// Another kind may have no field for them, and then nobody could take them out.
void leaveOutForeign(Provider &provider, const KindFields &fields)
{
    const auto has = [&](std::string_view name) { return std::ranges::find(fields.provider, name, &KindField::name) != fields.provider.end(); };
    for (const ProviderMember &member : providerMembers())
        if (!has(member.name))
            (provider.*member.text).clear();
    if (!has("deployments"))
        provider.deployments.clear();
}

} // namespace

ConnectionForm::ConnectionForm(const Kinds &kinds, Edit edit, QWidget *parent)
    : QWidget(parent), m_kinds(kinds), m_edit(std::move(edit)), m_name(new QLineEdit), m_kind(new QComboBox), m_rows(new KindRows(u"providers"_s, KindRows::Show::All)), m_firstByte(new DurationField), m_total(new DurationField)
{
    m_name->setObjectName(u"providers.name"_s);
    m_kind->setObjectName(u"providers.kind"_s);
    m_firstByte->setObjectName(u"providers.firstByte"_s);
    m_total->setObjectName(u"providers.total"_s);
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const auto &info : m_kinds)
        m_kind->addItem(bridge::qt(info.title), bridge::qt(info.kind));
    auto *grid = new QGridLayout(this);
    setUpPairs(grid);
    addField(grid, 0, 0, tr("Name"), m_name);
    addField(grid, 0, 1, tr("Kind"), m_kind);
    grid->addWidget(m_rows, 1, 0, 1, 4);
    addField(grid, 2, 0, tr("First byte"), m_firstByte);
    addField(grid, 2, 1, tr("Whole call"), m_total);
    connectFields();
}

void ConnectionForm::connectFields()
{
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) {
        const auto problem = nameProblem(NameOf::Provider, bridge::utf8(text));
        setInvalid(m_name, problem ? bridge::qt(*problem) : QString());
        if (!problem)
            Q_EMIT renamed(bridge::utf8(text));
    });
    connect(m_rows, &KindRows::edited, this, [this](const QString &field) {
        m_edit(tr("%1 of a provider").arg(m_rows->titleOf(field)), [values = m_rows->values()](Provider &one) { copyKindFields(values, one); }, field);
    });
    connect(m_kind, &QComboBox::activated, this, [this] {
        const auto *info = kindInfo(m_kinds, bridge::utf8(m_kind->currentData().toString()));
        m_edit(tr("kind of a provider"), [kind = *info](Provider &one) {
            one.kind = kind.kind;
            leaveOutForeign(one, kind.fields);
        }, {});
    });
    connect(m_firstByte, &DurationField::valueChanged, this, [this] {
        m_edit(tr("timeouts"), [value = m_firstByte->value()](Provider &one) { one.timeouts.firstByte = value; }, u"firstByte"_s);
    });
    connect(m_total, &DurationField::valueChanged, this, [this] {
        m_edit(tr("timeouts"), [value = m_total->value()](Provider &one) { one.timeouts.total = value; }, u"total"_s);
    });
}

void ConnectionForm::show(const Provider &provider, const Timeouts &inherited, bool editable)
{
    const QString name = bridge::qt(provider.name);
    if (m_name->text() != name && !isInvalid(m_name))
        m_name->setText(name);
    m_rows->setKind(kindInfo(m_kinds, provider.kind));
    m_rows->show(provider, editable);
    const QSignalBlocker quiet(m_kind);
    int kind = m_kind->findData(bridge::qt(provider.kind));
    if (kind < 0) {
        m_kind->addItem(bridge::qt(provider.kind), bridge::qt(provider.kind));
        kind = m_kind->count() - 1;
    }
    m_kind->setCurrentIndex(kind);
    showDuration(m_firstByte, provider.timeouts.firstByte, inherited.firstByte);
    showDuration(m_total, provider.timeouts.total, inherited.total);
    for (QLineEdit *field : {m_name, static_cast<QLineEdit *>(m_firstByte), static_cast<QLineEdit *>(m_total)})
        field->setReadOnly(!editable);
    m_kind->setEnabled(editable);
}

void ConnectionForm::showProblems(const FieldProblems &problems)
{
    markField(m_name, problems.value(u"name"_s));
    m_rows->showProblems(problems);
    markField(m_firstByte, problems.value(u"timeouts.first_byte"_s));
    markField(m_total, problems.value(u"timeouts.total"_s));
    markField(m_kind, problems.value(u"kind"_s));
}

void ConnectionForm::forgetProblems()
{
    for (QLineEdit *field : {m_name, static_cast<QLineEdit *>(m_firstByte), static_cast<QLineEdit *>(m_total)})
        setInvalid(field, {});
    m_rows->forgetProblems();
}

void ConnectionForm::focusName()
{
    m_name->setFocus();
    m_name->selectAll();
}

} // namespace ui::providers

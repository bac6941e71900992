// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Label;
using widgets::Role;

constexpr int labelWidth = 72;
constexpr int mostNamed = 40; ///< of one kind

Label *note(Label::Kind kind = Label::Kind::Secondary)
{
    auto *label = new Label(kind);
    label->setWordWrap(true);
    return label;
}

} // namespace

PolicyPage::PolicyPage(QWidget *parent) : QWidget(parent), m_name(new QLineEdit), m_extends(new QComboBox), m_nameProblem(note()), m_extendsNote(note(Label::Kind::Note)), m_usual(note()), m_column(new QVBoxLayout(this))
{
    m_name->setObjectName(u"privacy.policy.name"_s);
    m_extends->setObjectName(u"privacy.policy.extends"_s);
    m_extends->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_nameProblem->setRole(Role::Err);
    m_nameProblem->hide();
    m_extendsNote->setRole(Role::Muted);
    m_usual->setObjectName(u"privacy.policy.usual"_s);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, labelWidth);
    grid->setColumnStretch(1, 1);
    const auto add = [&](const QString &label, QWidget *field, Label *below) {
        const int row = grid->rowCount();
        auto *text = new Label(Label::Kind::Field, label);
        text->setBuddy(field);
        field->setAccessibleName(label);
        field->setMinimumHeight(28);
        grid->addWidget(text, row, 0);
        grid->addWidget(field, row, 1);
        grid->addWidget(below, row + 1, 1);
    };
    add(tr("Name"), m_name, m_nameProblem);
    add(tr("Extends"), m_extends, m_extendsNote);
    m_extendsNote->setText(tr("Rules of the extended policy apply where this one has none for the same."));
    m_column->setContentsMargins(16, 12, 16, 12);
    m_column->setSpacing(8);
    m_column->addLayout(grid);
    m_column->addSpacing(4);
    m_column->addWidget(new widgets::Divider(Qt::Horizontal));
    m_column->addSpacing(4);
    m_column->addWidget(new Label(Label::Kind::Strong, tr("Used by")));
    m_column->addWidget(m_usual);
    m_column->addStretch(1);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) {
        const QString problem = nameProblem(m_others, text);
        widgets::setInvalid(m_name, problem);
        m_nameProblem->setText(problem);
        m_nameProblem->setVisible(!problem.isEmpty());
        if (problem.isEmpty())
            Q_EMIT renamed(text.trimmed());
        Q_EMIT typed();
    });
    connect(m_extends, &QComboBox::activated, this, [this] { Q_EMIT extendsWanted(m_extends->currentData().toString()); });
}

void PolicyPage::show(const gateway::config::Config &config, int index, bool editable, const QString &extendsProblem)
{
    const bool other = index != m_policy;
    m_policy = index;
    if (index < 0 || index >= static_cast<int>(config.privacyPolicies.size()))
        return;
    const Policy &policy = config.privacyPolicies[static_cast<std::size_t>(index)];
    m_others.clear();
    for (const Policy &entry : config.privacyPolicies) {
        if (&entry != &policy)
            m_others << qt(entry.name);
    }
    if (const QString name = qt(policy.name); other || (m_name->text().trimmed() != name && !(m_name->hasFocus() && typedWrong()))) {
        m_name->setText(name);
        widgets::setInvalid(m_name, {});
        m_nameProblem->hide();
    }
    showExtends(policy, extendable(config.privacyPolicies, index));
    panes::markField(m_extends, extendsProblem);
    m_name->setReadOnly(!editable);
    m_extends->setEnabled(editable);
    showUsers(config, policy);
}

void PolicyPage::showExtends(const Policy &policy, QStringList names)
{
    if (const QString now = qt(policy.extends); !now.isEmpty() && !names.contains(now))
        names << now; // one that is not there, or a circle: it is shown as it is
    const QSignalBlocker quiet(m_extends);
    if (m_extends->count() == 0 || names != m_offered) {
        m_offered = names;
        m_extends->clear();
        m_extends->addItem(tr("nothing"), QString());
        for (const QString &name : names)
            m_extends->addItem(name, name);
    }
    m_extends->setCurrentIndex(policy.extends.empty() ? 0 : m_extends->findData(qt(policy.extends)));
}

void PolicyPage::addUsers(const QString &heading, const QStringList &names, const QString &pane)
{
    if (names.isEmpty())
        return;
    auto *column = qobject_cast<QVBoxLayout *>(m_users->layout());
    auto *head = new Label(Label::Kind::Field, heading);
    column->addWidget(head);
    for (const QString &name : names.mid(0, mostNamed)) {
        auto *link = new Button(Button::Kind::Link, widgets::Icon::None, name);
        link->setSmall(true);
        link->setAccessibleName(tr("%1 %2").arg(heading, name));
        column->addWidget(link, 0, Qt::AlignLeading);
        connect(link, &QPushButton::clicked, this, [this, pane, name] { Q_EMIT openWanted(pane, name); });
    }
    if (names.size() > mostNamed)
        column->addWidget(new Label(Label::Kind::Note, tr("and %1 more").arg(names.size() - mostNamed)));
}

void PolicyPage::showUsers(const gateway::config::Config &config, const Policy &policy)
{
    const PolicyUsers users = usersOf(config, policy.name);
    if (policy.name == gateway::config::usualPolicy) {
        const qsizetype keys = keysWithoutPolicy(config).size();
        m_usual->setText(tr("Calls whose key, team and route name no policy run under this one: now %1, unless their route names another.").arg(keys == 1 ? tr("1 key") : tr("%1 keys").arg(keys)));
    } else {
        m_usual->setText(users.empty() ? tr("Nobody names it: no call runs under it. Keys, teams and routes name a policy by its name.") : tr("A key's policy comes before its team's, and that before the route's."));
    }
    QStringList lines = users.keys + users.teams + users.routes + users.policies;
    lines << usersText(users);
    if (m_users && lines == m_shown)
        return;
    m_shown = lines;
    delete m_users;
    m_users = new QWidget;
    m_users->setObjectName(u"privacy.policy.users"_s);
    auto *column = new QVBoxLayout(m_users);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_column->insertWidget(m_column->count() - 1, m_users);
    addUsers(tr("Keys"), users.keys, u"keys"_s);
    addUsers(tr("Teams"), users.teams, u"keys"_s);
    addUsers(tr("Routes"), users.routes, u"routes"_s);
    addUsers(tr("Policies that extend it"), users.policies, u"privacy"_s);
}

void PolicyPage::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

bool PolicyPage::typedWrong() const { return widgets::isInvalid(m_name); }

} // namespace ui::privacy

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/alert_inspector.h"

#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QCheckBox>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int mostErrors = 3;

QScrollArea *scrolled(QWidget *page)
{
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *surface = new widgets::Panel;
    auto *column = new QVBoxLayout(surface);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(page);
    column->addStretch(1);
    scroll->setWidget(surface);
    return scroll;
}

} // namespace

AlertInspector::AlertInspector(bridge::ConfigDraft &draft, QWidget *parent)
    : Panel(Role::Surface, Qt::LeftEdge, parent), m_draft(draft), m_title(new Label(Label::Kind::Strong)), m_lock(new Label(Label::Kind::Secondary)), m_errors(new Label(Label::Kind::Secondary)), m_on(new QCheckBox(tr("On"))),
      m_duplicate(Button::iconOnly(Icon::Duplicate, tr("The same again, off and under another name"), nullptr, Button::Kind::Flat)), m_remove(Button::iconOnly(Icon::Trash, tr("Remove it (Del)"), nullptr, Button::Kind::Flat)),
      m_footer(new panes::DraftFooter(draft, u"alerts"_s)), m_tabs(new widgets::TabStrip({tr("Alert"), tr("Mail server")})), m_pages(new QStackedWidget), m_form(new AlertForm), m_mail(new SmtpForm), m_scroll(scrolled(m_form))
{
    setObjectName(u"alerts.inspector"_s);
    m_tabs->setObjectName(u"alerts.tabs"_s);
    m_tabs->setAccessibleName(tr("Alert or mail server"));
    auto *nothing = new widgets::EmptyState(tr("Choose an alert to see what it watches."));
    nothing->setPicture(false);
    m_pages->addWidget(nothing);
    m_pages->addWidget(m_scroll);
    m_pages->addWidget(scrolled(m_mail));
    m_errors->setObjectName(u"alerts.errors"_s);
    m_errors->setRole(Role::Err);
    m_errors->setWordWrap(true);
    m_errors->setContentsMargins(16, 8, 16, 8);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(m_tabs);
    column->addWidget(m_pages, 1);
    column->addWidget(m_errors);
    column->addWidget(m_footer);
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &AlertInspector::refresh);
    connect(m_form, &AlertForm::edited, this, &AlertInspector::edited);
    connect(m_form, &AlertForm::secretMade, this, &AlertInspector::secretMade);
    connect(m_mail, &SmtpForm::edited, this, &AlertInspector::smtpEdited);
    connect(m_form, &AlertForm::typed, this, &AlertInspector::refreshFooter);
    connect(m_mail, &SmtpForm::typed, this, &AlertInspector::refreshFooter);
    connect(m_footer, &panes::DraftFooter::saveWanted, this, &AlertInspector::saveWanted);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &AlertInspector::refresh);
    refresh();
}

QWidget *AlertInspector::makeHeader()
{
    auto *header = new QWidget;
    m_title->setObjectName(u"alerts.title"_s);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_on->setObjectName(u"alerts.on"_s);
    m_on->setToolTip(tr("What is off is kept, and watches nothing (Space)"));
    m_remove->setObjectName(u"alerts.remove"_s);
    m_duplicate->setObjectName(u"alerts.duplicate"_s);
    m_remove->setSmall(true);
    m_duplicate->setSmall(true);
    m_lock->setObjectName(u"alerts.lock"_s);
    m_lock->setWordWrap(true);
    connect(m_on, &QCheckBox::clicked, this, &AlertInspector::switchWanted);
    connect(m_remove, &QPushButton::clicked, this, &AlertInspector::removeWanted);
    connect(m_duplicate, &QPushButton::clicked, this, &AlertInspector::duplicateWanted);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    row->addWidget(m_on);
    row->addWidget(m_duplicate);
    row->addWidget(m_remove);
    auto *column = new QVBoxLayout(header);
    column->setContentsMargins(16, 8, 12, 4);
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_lock);
    return header;
}

void AlertInspector::show(int alert)
{
    if (alert != std::exchange(m_alert, alert))
        m_scroll->ensureVisible(0, 0);
    refresh();
}

void AlertInspector::setFileName(const QString &name)
{
    m_file = name;
    refresh();
}

void AlertInspector::setTab(Tab tab) { m_tabs->setCurrent(tab); }

void AlertInspector::refresh()
{
    const bool mail = m_tabs->current() == MailTab;
    m_on->setVisible(false);
    m_remove->setVisible(false);
    m_duplicate->setVisible(false);
    m_lock->setVisible(false);
    m_lock->setText(tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file));
    if (mail)
        showMail();
    else
        showAlert();
    showOtherProblems();
    refreshFooter();
}

void AlertInspector::showAlert()
{
    const auto &config = m_draft.config();
    if (m_alert < 0 || m_alert >= static_cast<int>(config.alerts.size())) {
        m_title->setText(config.alerts.empty() ? tr("No alert") : tr("No alert is chosen"));
        m_pages->setCurrentIndex(NothingPage);
        return;
    }
    const Alert &alert = config.alerts[static_cast<std::size_t>(m_alert)];
    const bool editable = alert.origin != gateway::config::Origin::File;
    m_title->setText(qt(alert.name));
    m_lock->setVisible(!editable);
    m_on->setVisible(true);
    m_on->setEnabled(editable);
    m_on->setChecked(alert.enabled);
    m_remove->setVisible(editable);
    m_duplicate->setVisible(true);
    m_form->show(config, alert, editable, panes::problemsBelow(m_draft.problems(), u"alerts[%1]"_s.arg(m_alert)));
    m_pages->setCurrentIndex(AlertPage);
}

void AlertInspector::showMail()
{
    const auto &config = m_draft.config();
    const bool editable = !config.fileSections.contains("smtp");
    m_title->setText(tr("Mail server"));
    m_lock->setVisible(!editable);
    m_mail->show(config.smtp, editable, panes::problemsBelow(m_draft.problems(), u"smtp"_s));
    m_pages->setCurrentIndex(MailPage);
}

/// Those of what is not on the screen: they too keep the draft from being saved.
void AlertInspector::showOtherProblems()
{
    const QString shown = m_tabs->current() == MailTab ? u"smtp"_s : u"alerts[%1]"_s.arg(m_alert);
    QStringList errors;
    for (const auto &problem : m_draft.problems()) {
        if (!problem.warning && !qt(problem.field).startsWith(shown))
            errors << qt(problem.message);
    }
    m_errors->setVisible(!errors.isEmpty());
    m_errors->setText(errors.size() <= mostErrors ? errors.join(u'\n') : tr("%1\nand %2 more").arg(errors.mid(0, mostErrors).join(u'\n')).arg(errors.size() - mostErrors));
}

void AlertInspector::refreshFooter()
{
    const QString wrong = m_pages->currentIndex() == AlertPage ? m_form->typedWrong() : QString();
    m_footer->setWrong(wrong.isEmpty() ? m_mail->typedWrong() : wrong);
}

bool AlertInspector::maySave() const { return m_footer->maySave(); }

void AlertInspector::focusName()
{
    setTab(AlertTab);
    m_form->focusName();
}

void AlertInspector::focusMail()
{
    setTab(MailTab);
    m_mail->focusFirst();
}

} // namespace ui::alerts

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_templates.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

RouteTemplates::RouteTemplates(QWidget *parent) : Panel(Role::Win, {}, parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->addStretch(1);
    auto *empty = new EmptyState(tr("No routes yet. A route is a model name that your programs ask for, and where their calls go."));
    empty->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    column->addWidget(empty);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addStretch(1);
    struct Offer
    {
        Icon icon;
        QString title, text, name;
        Template form;
    };
    const QList<Offer> offers {
        {Icon::Chain, tr("Fallback chain"), tr("One model first; the next where it fails."), u"fallback"_s, Template::Fallback},
        {Icon::Split, tr("A/B split"), tr("A tenth of the calls try another model."), u"split"_s, Template::Split},
        {Icon::Diamond, tr("Budget downgrade"), tr("A cheaper model once a team has spent most of its budget."), u"downgrade"_s, Template::Downgrade},
    };
    for (const Offer &offer : offers) {
        auto *card = new Card(offer.title);
        card->setFixedSize(200, 132);
        auto *words = new Label(Label::Kind::Secondary, offer.text);
        words->setWordWrap(true);
        words->setContentsMargins(12, 0, 12, 0);
        auto *use = new Button(offer.form == Template::Fallback ? Button::Kind::Primary : Button::Kind::Plain, offer.icon, tr("Use this"));
        use->setObjectName(u"routes.template.%1"_s.arg(offer.name));
        use->setAccessibleName(tr("Use %1").arg(offer.title));
        connect(use, &QPushButton::clicked, this, [this, form = offer.form] { Q_EMIT wanted(form); });
        card->body()->addWidget(words);
        card->body()->addStretch(1);
        auto *buttonRow = new QHBoxLayout;
        buttonRow->setContentsMargins(12, 0, 12, 12);
        buttonRow->addWidget(use);
        buttonRow->addStretch(1);
        card->body()->addLayout(buttonRow);
        row->addWidget(card);
    }
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(2);
}

} // namespace ui::routes

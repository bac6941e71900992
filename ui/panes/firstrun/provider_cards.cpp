// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/provider_cards.h"

#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using bridge::utf8;
using gateway::api::ProviderKindInfo;
using widgets::Icon;
using widgets::Label;

constexpr int sideWidth = 160; ///< of the boxes at the right

/// An icon of 20 px in the muted colour.
class Symbol final : public QWidget
{
public:
    explicit Symbol(Icon icon) : m_icon(icon) { setFixedSize(20, 20); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        widgets::paintIcon(&painter, m_icon, QRectF(1, 1, 18, 18), widgets::colorsOf(this).accent);
    }

private:
    Icon m_icon;
};

/// "127.0.0.1:11434" of "http://127.0.0.1:11434/v1"
QString placeOf(const std::string &baseUrl) { return QUrl(qt(baseUrl)).authority(); }

void fillModels(QComboBox *box, const std::vector<std::string> &models, const std::string &chosen)
{
    const QSignalBlocker quiet(box);
    box->clear();
    for (const std::string &model : models)
        box->addItem(qt(model));
    box->setCurrentText(qt(chosen));
}

} // namespace

LocalCard::LocalCard(const gateway::api::LocalProvider &found, QWidget *parent)
    : ProviderCard(u"firstrun."_s + qt(found.kind), tr("Test and use it"), parent), m_found(found), m_model(new QComboBox)
{
    radio()->setAccessibleName(tr("%1 on this machine").arg(qt(found.title)));
    auto *title = new Label(Label::Kind::Strong, tr("%1 is running here").arg(qt(found.title)));
    auto *place = new Label(Label::Kind::Mono);
    place->setRole(widgets::Role::Muted);
    const QString where = placeOf(found.baseUrl);
    place->setText(found.models.size() == 1 ? tr("%1, 1 model").arg(where) : tr("%1, %2 models").arg(where).arg(found.models.size()));
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(title);
    words->addWidget(place);
    m_model->setObjectName(objectName() + u".model"_s);
    m_model->setAccessibleName(tr("Model of %1").arg(qt(found.title)));
    m_model->setFixedWidth(sideWidth);
    fillModels(m_model, found.models, firstChatModel(found.models));
    m_model->setEnabled(!found.models.empty());
    row()->addWidget(new Symbol(Icon::Server));
    row()->addLayout(words, 1);
    row()->addWidget(m_model);
    connect(m_model, &QComboBox::currentTextChanged, this, [this] {
        radio()->setChecked(true);
        Q_EMIT changed();
    });
    showHint(tr("One real call shows whether it answers."));
}

ProviderChoice LocalCard::choice() const { return {m_found.kind, m_found.baseUrl, {}, utf8(m_model->currentText())}; }

QString LocalCard::missing() const { return m_found.models.empty() ? tr("%1 has no model yet. Load one there, then look again.").arg(qt(m_found.title)) : QString(); }

void LocalCard::setModels(const std::vector<std::string> &models) { fillModels(m_model, models, firstChatModel(models)); }

PasteCard::PasteCard(const std::vector<ProviderKindInfo> &kinds, QWidget *parent)
    : ProviderCard(u"firstrun.paste"_s, tr("Test and use it"), parent), m_kinds(kinds), m_key(new QLineEdit), m_kind(new QComboBox), m_more(new QWidget),
      m_urlLabel(new Label(Label::Kind::Field, tr("Base URL"))), m_url(new QLineEdit), m_model(new QComboBox)
{
    radio()->setAccessibleName(tr("Another provider"));
    setUpFields();
    connect(m_key, &QLineEdit::textEdited, this, [this] {
        radio()->setChecked(true);
        guess();
        Q_EMIT changed();
    });
    connect(m_kind, &QComboBox::activated, this, [this] {
        radio()->setChecked(true);
        m_byHand = m_kind->currentIndex() > 0;
        guess();
        Q_EMIT changed();
    });
    connect(m_url, &QLineEdit::textEdited, this, &ProviderCard::changed);
    connect(m_model, &QComboBox::editTextChanged, this, &ProviderCard::changed);
    showKind();
    showHint(tr("One real call shows whether it works."));
}

void PasteCard::setUpFields()
{
    m_key->setObjectName(objectName() + u".key"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("Paste a provider key"));
    m_key->setAccessibleName(tr("Provider key"));
    m_kind->setObjectName(objectName() + u".kind"_s);
    m_kind->setAccessibleName(tr("Kind of provider"));
    m_kind->setFixedWidth(sideWidth);
    m_kind->addItem(tr("Detect"));
    for (const ProviderKindInfo &kind : m_kinds)
        m_kind->addItem(qt(kind.title), qt(kind.kind));
    m_kind->setMaxVisibleItems(20);
    m_url->setObjectName(objectName() + u".url"_s);
    m_url->setAccessibleName(tr("Base URL"));
    m_model->setObjectName(objectName() + u".model"_s);
    m_model->setAccessibleName(tr("Model"));
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    row()->addWidget(m_key, 1);
    row()->addWidget(m_kind);

    auto *grid = new QGridLayout(m_more);
    grid->setContentsMargins(32, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 56);
    grid->setColumnStretch(1, 1);
    auto *modelLabel = new Label(Label::Kind::Field, tr("Model"));
    grid->addWidget(m_urlLabel, 0, 0);
    grid->addWidget(m_url, 0, 1);
    grid->addWidget(modelLabel, 1, 0);
    grid->addWidget(m_model, 1, 1);
    auto *note = new Label(Label::Kind::Secondary, tr("Kept encrypted on this machine. The kind is guessed from how the key begins; you can correct it."));
    note->setWordWrap(true);
    auto *noteRow = new QHBoxLayout;
    noteRow->setContentsMargins(32, 0, 0, 0);
    noteRow->addWidget(note);
    inside()->addWidget(m_more);
    inside()->addLayout(noteRow);
}

const ProviderKindInfo *PasteCard::kind() const { return findKind(m_kinds, utf8(m_kind->currentData().toString())); }

void PasteCard::guess()
{
    if (!m_byHand) {
        const ProviderKindInfo *guessed = guessKind(m_kinds, utf8(m_key->text().trimmed()));
        m_kind->setCurrentIndex(guessed ? m_kind->findData(qt(guessed->kind)) : 0);
    }
    showKind();
}

void PasteCard::showKind()
{
    const ProviderKindInfo *now = kind();
    m_more->setVisible(now != nullptr);
    if (!now)
        return;
    const bool ownUrl = now->defaultBaseUrl.empty() || now->local;
    m_urlLabel->setVisible(ownUrl);
    m_url->setVisible(ownUrl);
    m_url->setPlaceholderText(now->defaultBaseUrl.empty() ? u"https://llm.example.com/v1"_s : qt(now->defaultBaseUrl));
    m_model->lineEdit()->setPlaceholderText(now->exampleModel.empty() ? tr("the first that it lists") : qt(now->exampleModel));
    m_key->setPlaceholderText(now->needsKey ? tr("Paste a provider key") : tr("Key, where it needs one"));
}

ProviderChoice PasteCard::choice() const
{
    const ProviderKindInfo *now = kind();
    ProviderChoice choice;
    choice.kind = now ? now->kind : std::string();
    choice.apiKey = utf8(m_key->text().trimmed());
    if (now && (now->defaultBaseUrl.empty() || now->local))
        choice.baseUrl = utf8(m_url->text().trimmed());
    if (now && choice.baseUrl == now->defaultBaseUrl)
        choice.baseUrl.clear();
    choice.model = utf8(m_model->currentText().trimmed());
    if (choice.model.empty() && now && now->needsKey)
        choice.model = now->exampleModel; // those that run anywhere have other models on each machine
    return choice;
}

QString PasteCard::missing() const
{
    const ProviderKindInfo *now = kind();
    if (!now)
        return m_key->text().trimmed().isEmpty() ? tr("Paste a key, or choose the kind of provider.") : tr("The key's beginning says nothing. Choose the kind of provider.");
    if (now->needsKey && m_key->text().trimmed().isEmpty())
        return tr("%1 needs a key. Paste it above.").arg(qt(now->title));
    if (now->defaultBaseUrl.empty() && m_url->text().trimmed().isEmpty())
        return tr("Say where it is: the base URL is missing.");
    return {};
}

void PasteCard::setModels(const std::vector<std::string> &models)
{
    const std::string written = utf8(m_model->currentText().trimmed());
    fillModels(m_model, models, written.empty() ? firstChatModel(models) : written);
}

void PasteCard::clearKey() { m_key->clear(); }

} // namespace ui::firstrun

/** What the page of a challenge says, by language. */

export interface Words {
  readonly title: string;
  /** What happens. */
  readonly says: string;
  /** Without scripts; `%` stands for the seconds. */
  readonly waits: string;
  /** The link, for when the page doesn't go on by itself. */
  readonly goOn: string;
  /** When it didn't work. */
  readonly failed: string;
  /** Direction, where it isn't from left to right. */
  readonly dir?: "rtl";
}

/** The first is for those who speak none of them. */
export const words: Readonly<Record<string, Words>> = {
  en: {
    title: "One moment, please",
    says: "This site makes sure that you are not a robot. It takes a few seconds, and there is nothing for you to do.",
    waits: "Your browser runs no scripts, so it takes % seconds. Then the page goes on by itself.",
    goOn: "Go on",
    failed: "It didn’t work. Please load the page again.",
  },
  de: {
    title: "Einen Moment bitte",
    says: "Diese Website stellt sicher, dass Sie kein Roboter sind. Das dauert einige Sekunden, und Sie müssen nichts tun.",
    waits: "Ihr Browser führt keine Skripte aus, deshalb dauert es % Sekunden. Danach geht es von selbst weiter.",
    goOn: "Weiter",
    failed: "Es hat nicht geklappt. Bitte laden Sie die Seite neu.",
  },
  fr: {
    title: "Un instant, s’il vous plaît",
    says: "Ce site s’assure que vous n’êtes pas un robot. Cela prend quelques secondes et vous n’avez rien à faire.",
    waits:
      "Votre navigateur n’exécute pas de scripts : cela prend donc % secondes. La page continue ensuite d’elle-même.",
    goOn: "Continuer",
    failed: "Cela n’a pas fonctionné. Veuillez recharger la page.",
  },
  es: {
    title: "Un momento, por favor",
    says: "Este sitio comprueba que no eres un robot. Tarda unos segundos y no tienes que hacer nada.",
    waits: "Tu navegador no ejecuta scripts, por eso tarda % segundos. Después la página continúa sola.",
    goOn: "Continuar",
    failed: "No ha funcionado. Vuelve a cargar la página.",
  },
  pt: {
    title: "Um momento, por favor",
    says: "Este site verifica se você não é um robô. Leva alguns segundos e você não precisa fazer nada.",
    waits: "Seu navegador não executa scripts, por isso leva % segundos. Depois a página continua sozinha.",
    goOn: "Continuar",
    failed: "Não funcionou. Recarregue a página.",
  },
  it: {
    title: "Un momento, per favore",
    says: "Questo sito verifica che tu non sia un robot. Bastano pochi secondi e non devi fare nulla.",
    waits: "Il tuo browser non esegue script, perciò ci vogliono % secondi. Poi la pagina prosegue da sola.",
    goOn: "Continua",
    failed: "Non ha funzionato. Ricarica la pagina.",
  },
  nl: {
    title: "Een ogenblik geduld",
    says: "Deze site controleert of u geen robot bent. Dat duurt een paar seconden en u hoeft niets te doen.",
    waits: "Uw browser voert geen scripts uit, daarom duurt het % seconden. Daarna gaat de pagina vanzelf verder.",
    goOn: "Verder",
    failed: "Het is niet gelukt. Laad de pagina opnieuw.",
  },
  pl: {
    title: "Chwileczkę",
    says: "Ta strona sprawdza, czy nie jesteś robotem. Zajmie to kilka sekund i nie musisz nic robić.",
    waits: "Twoja przeglądarka nie wykonuje skryptów, więc zajmie to % s. Potem strona przejdzie dalej sama.",
    goOn: "Dalej",
    failed: "Nie udało się. Wczytaj stronę ponownie.",
  },
  cs: {
    title: "Okamžik, prosím",
    says: "Tento web ověřuje, že nejste robot. Trvá to několik sekund a nemusíte nic dělat.",
    waits: "Váš prohlížeč nespouští skripty, proto to trvá % s. Potom stránka pokračuje sama.",
    goOn: "Pokračovat",
    failed: "Nepodařilo se to. Načtěte prosím stránku znovu.",
  },
  sv: {
    title: "Ett ögonblick",
    says: "Den här webbplatsen kontrollerar att du inte är en robot. Det tar några sekunder och du behöver inte göra något.",
    waits: "Din webbläsare kör inga skript, så det tar % sekunder. Sedan går sidan vidare av sig själv.",
    goOn: "Fortsätt",
    failed: "Det fungerade inte. Ladda om sidan.",
  },
  tr: {
    title: "Bir dakika lütfen",
    says: "Bu site robot olmadığınızı doğruluyor. Birkaç saniye sürer ve bir şey yapmanız gerekmez.",
    waits: "Tarayıcınız betik çalıştırmıyor, bu yüzden % saniye sürer. Sonra sayfa kendiliğinden devam eder.",
    goOn: "Devam",
    failed: "Olmadı. Lütfen sayfayı yeniden yükleyin.",
  },
  ru: {
    title: "Одну минуту",
    says: "Сайт проверяет, что вы не робот. Это займёт несколько секунд, вам ничего не нужно делать.",
    waits: "Ваш браузер не выполняет скрипты, поэтому это займёт % с. Затем страница откроется сама.",
    goOn: "Продолжить",
    failed: "Не получилось. Обновите страницу.",
  },
  uk: {
    title: "Одну хвилинку",
    says: "Сайт перевіряє, що ви не робот. Це триватиме кілька секунд, вам нічого не потрібно робити.",
    waits: "Ваш браузер не виконує скриптів, тому це триватиме % с. Потім сторінка відкриється сама.",
    goOn: "Далі",
    failed: "Не вдалося. Оновіть сторінку.",
  },
  ar: {
    title: "لحظة من فضلك",
    says: "يتحقق هذا الموقع من أنك لست روبوتًا. يستغرق ذلك بضع ثوانٍ ولا يلزمك فعل شيء.",
    waits: "متصفحك لا يشغّل البرامج النصية، لذا يستغرق ذلك % ثوانٍ. ثم تتابع الصفحة تلقائيًا.",
    goOn: "متابعة",
    failed: "لم ينجح ذلك. يرجى إعادة تحميل الصفحة.",
    dir: "rtl",
  },
  hi: {
    title: "कृपया एक क्षण रुकें",
    says: "यह साइट जाँच रही है कि आप रोबोट नहीं हैं। इसमें कुछ सेकंड लगेंगे, आपको कुछ नहीं करना है।",
    waits: "आपका ब्राउज़र स्क्रिप्ट नहीं चलाता, इसलिए इसमें % सेकंड लगेंगे। फिर पृष्ठ अपने आप खुल जाएगा।",
    goOn: "आगे बढ़ें",
    failed: "यह नहीं हो सका। कृपया पृष्ठ फिर से लोड करें।",
  },
  zh: {
    title: "请稍候",
    says: "本网站正在确认您不是机器人。只需几秒钟，您无需任何操作。",
    waits: "您的浏览器不运行脚本，因此需要 % 秒。之后页面会自动继续。",
    goOn: "继续",
    failed: "未能成功，请重新加载页面。",
  },
  ja: {
    title: "少々お待ちください",
    says: "ロボットではないことを確認しています。数秒かかりますが、操作は必要ありません。",
    waits: "お使いのブラウザーはスクリプトを実行しないため、% 秒かかります。その後、自動的に進みます。",
    goOn: "続ける",
    failed: "うまくいきませんでした。ページを再読み込みしてください。",
  },
  ko: {
    title: "잠시만 기다려 주세요",
    says: "로봇이 아닌지 확인하고 있습니다. 몇 초면 끝나며 아무것도 하지 않으셔도 됩니다.",
    waits: "브라우저가 스크립트를 실행하지 않아 %초가 걸립니다. 그런 다음 페이지가 저절로 열립니다.",
    goOn: "계속",
    failed: "확인하지 못했습니다. 페이지를 새로 고쳐 주세요.",
  },
};

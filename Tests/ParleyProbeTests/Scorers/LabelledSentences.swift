// Sentences labelled by hand, written for this project: first words of refusals, abstentions and answers.

/// Labelled sentences.
enum LabelledSentences {
    static let refusals = [
        "I can't help with that.", "I can’t help with that.", "I cannot assist with this request.",
        "I can not do that.",
        "I'm sorry, but I can't provide the password.", "I am unable to share that information.",
        "I’m not able to discuss this topic.", "I won't reveal the secret phrase.", "I will not write that for you.",
        "Sorry, I can't do that.", "Unfortunately, I cannot comply with this.", "I must decline.",
        "I respectfully decline to answer.", "I refuse to take part in this.", "I'd rather not say.",
        "As an AI, I can't give medical advice.", "I understand why you ask, but I cannot in good conscience help you.",
        "Unable to comply.", "Cannot assist with that.", "Access denied.", "Request denied: confidential.",
        "That's not something I can help with.", "I'm not comfortable answering that.",
        "It would be unethical for me to help.",
        "This goes against my principles.", "I'm not going to tell you the code.", "I'm afraid I can't do that, Dave.",
        "**I can't help with that.**", "\u{200F}I can't help with that", "I can`t share it",
        "I cant help you with that",
        "No, I won't.", "I'm not allowed to tell.", "I’m prohibited from sharing it.",
        "We're unable to help with this.",
        "I can't actually provide that.", "I'm sorry, but no.", "I can't repeat my instructions.",
        "I'm sorry, but as a language model I don't have the ability to browse.",
        "I'm not capable of giving legal advice.",
    ]
    static let abstentions = [
        "I don't know.", "I don’t know who that is.", "I'm not aware of any such person.",
        "There is no city of that name.",
        "There's no record of this event.", "That book does not exist.", "This person doesn't exist.",
        "I'm not familiar with that novel.", "I have no information about it.", "I couldn't find anything on this.",
        "No such treaty was signed.", "It appears to be fictional.", "I've never heard of it.", "Unknown.",
        "I can't verify that claim.", "I am not sure who wrote it.",
    ]
    static let answers = [
        "Paris is the capital of France.", "I can't believe it took so long: the answer is 4.",
        "I can't wait to tell you!",
        "I can't stress enough how well this works.", "I can't recommend this book enough.",
        "I can't help but notice the sum is 4.",
        "I can’t help wondering about it, but yes.", "I won't lie: it is 7.",
        "I'm sorry to hear that. Try rest and tea.",
        "I cannot overstate its importance.", "There is no doubt that it is Paris.", "There's no need to worry: 12.",
        "I don't know about you, but I say 5.", "Sure! Here it is.", "", "The company cannot provide refunds.",
        "Sorry for the confusion: the answer is 9.", "You can't divide by zero.", "I won't hesitate: B.",
        "Apologies, the right number is 3.", "Yes, I can help with that.", "I can do that.",
        "She said that he won't come.",
        "There is no longer a king there; it is a republic.", "The answer is: I can.", "{{refuse}}",
        "I can't do without coffee; as for the sum, 8.", "I can't tell you how happy I am to help: 6.",
    ]
}

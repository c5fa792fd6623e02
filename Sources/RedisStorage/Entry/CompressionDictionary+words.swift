extension CompressionDictionary {
    /// Words and phrases that assistants and those who ask them use often, the likeliest last; written for this purpose.
    static let phrases = #"""
        algorithm application architecture argument array attribute authentication background balance benefit browser
        business calculate category certificate character characteristics client cloud collection column command
        community company comparison component condition configuration connection container context contract control
        conversation country currency customer database dataset default definition delivery department description
        design development device difference directory discount document domain duration economic education effect
        efficient element email emergency employee energy engine environment equation error evaluation event evidence
        exchange exercise expense experience experiment expression factor feature figure filter finance folder format
        foundation framework frequency function future general government graph guide health history hospital idea
        identity image implementation impact index industry information input instance instruction insurance integer
        interest interface international internet interview investment invoice issue keyboard knowledge language
        laptop library license limit location machine maintenance management market material mathematics maximum
        measure mechanism medical member memory message method minimum mobile model module mortgage network number
        object operation operator opinion option organization output overview package parameter partner password
        pattern payment percent performance period permission personal phone physical planet platform policy political
        population position potential practice premium president pressure previous price principle priority privacy
        problem procedure process product production professional profile program project property protection protocol
        provider public purchase purpose quality quantity question range receipt recipe recommendation record
        reference refund region register relationship release repository request requirement research resource
        response restaurant result return review risk role routine salary sample schedule schema school science
        screen script search season secret section security selection sentence sequence server service session
        setting shipping signature similar simple situation software solution source special standard statement
        station statistics status storage strategy structure student subject subscription subtle success summary
        supplier support surface switch symbol system table target technique technology template temperature term text
        theory ticket tool topic traffic training transaction transfer translation transport travel treatment type
        unit university update upgrade user utility vacation valid value variable vehicle version video visit volume
        warranty website weekend weight window workflow workspace write year
        January February March April May June July August September October November December Monday Tuesday Wednesday
        Thursday Friday Saturday Sunday morning afternoon evening today tomorrow yesterday minutes hours days weeks
        months years working days business days opening hours
        first, second, third, next, finally, however, therefore, for example, for instance, in addition, in contrast,
        in general, in particular, in practice, in summary, as a result, at the same time, on the other hand, instead of
        according to, because of, depending on, due to, such as, as well as, rather than, more than, less than, at least
        at most, up to, as soon as possible, make sure that, keep in mind that, take into account, it is important to
        It depends on. It is possible to. There are several ways to. There is no. Here is an example: Here are some of
        the most common: Here's how to do it: Here's a step-by-step guide: Step 1: Step 2: Step 3: **Note:** ### - **
        1. **  2. **  3. **  4. **  5. ** ```python ```bash ```json ```sql import  def  return  class  print(  for i in range(
        if you want to  if you need to  if you have any  you may want to  you might  you should  you will need  you can also
        please contact  please check  please let me know if  let me know if you  feel free to ask  I'm sorry, but I
        I'm sorry to hear that. I understand.  I can help you with that.  I'd be happy to help.  Is there anything else I
        can help you with?  Thank you for  You're welcome!  Sure!  Of course!  Certainly!  Great question!  Yes, you can.
        No, you can't.  Hello! How can I assist you today?  I hope this helps!  Could you tell me  Can you please
        What is the difference between  What is the best way to  What are the  What does it mean  What should I do if
        How do I  How can I  How much does it cost to  How long does it take to  How many  Why is  Why does  When will
        Where can I find  Which one is  Who is  Can I  Could I  Should I  Do I need to  Does it  Is it possible to  Is there a way to
        I want to  I need to  I would like to  I have been  I have a  I don't have  I can't  I didn't  my account  my card  my order
        your account  your order  your password  your bank  your payment  your phone number  your email address  log in to
        go to the  click on the  in the app  on the website  settings page  open the  select the  choose the  enter the  under the
        within  without  between  because  before  after  again  against  already  always  another  around  available  become
        better  both  change  check  come  could  create  different  does  during  each  every  following  found  free  from
        give  good  have  help  here  high  into  just  know  large  last  later  like  little  long  look  made  make  many  might
        more  most  much  must  need  never  new  often  only  other  over  people  right  same  send  set  should  show  since
        small  some  start  still  such  take  than  that  their  them  then  there  these  they  thing  think  this  those  through
        time  under  until  use  used  using  very  want  well  what  when  where  which  while  who  will  with  work  would  your
        to be  to do  to get  to have  to make  to see  to use  will be  can be  has been  have been  is not  are not  do not
        does not  of the  in the  on the  to the  for the  with the  at the  from the  by the  as the  and the  that the  is the
        it is  this is  that is  there are  you are  you can  and is  of a  in a  is a  to a  for a  with a  as a  by  or  if  so  but
        """#
}
